State  Recv-Q Send-Q      Local Address:Port        Peer Address:Port Process
UNCONN 0      0                 0.0.0.0:65535            0.0.0.0:*     users:(("python3",pid=14629,fd=36),("python3",pid=14351,fd=36)) ino:6656446 sk:189dc cgroup:/ <->
UNCONN 0      0               127.0.0.1:53               0.0.0.0:*     users:(("python3",pid=14629,fd=24),("python3",pid=14351,fd=24)) ino:6656434 sk:189dd cgroup:/ <->
UNCONN 0      0            0.0.0.0%void:67               0.0.0.0:*     users:(("python3",pid=14629,fd=35),("python3",pid=14351,fd=35)) ino:6656445 sk:189de cgroup:/ <->
UNCONN 0      0            0.0.0.0%near:67               0.0.0.0:*     users:(("python3",pid=14629,fd=34),("python3",pid=14351,fd=34)) ino:6656444 sk:189df cgroup:/ <->
UNCONN 0      0               192.0.2.1:123              0.0.0.0:*     users:(("python3",pid=14629,fd=26),("python3",pid=14351,fd=26)) ino:6656436 sk:189e0 cgroup:/ <->
UNCONN 0      0             192.0.2.255:137              0.0.0.0:*     users:(("python3",pid=14629,fd=30),("python3",pid=14351,fd=30)) ino:6656440 sk:189e1 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:4789             0.0.0.0:*     ino:6656393 sk:189ca cgroup:/ <->
UNCONN 0      0             224.0.0.251:5353             0.0.0.0:*     users:(("python3",pid=14629,fd=29),("python3",pid=14351,fd=29)) ino:6656439 sk:189e2 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:5353             0.0.0.0:*     users:(("python3",pid=14629,fd=19),("python3",pid=14351,fd=19)) ino:6656429 sk:189e3 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:5357             0.0.0.0:*     users:(("python3",pid=14629,fd=22),("python3",pid=14351,fd=22)) ino:6656432 sk:189e4 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6001           192.0.2.2:53    users:(("python3",pid=14629,fd=38),("python3",pid=14351,fd=38)) ino:6656448 sk:189e5 cgroup:/ <->
ESTAB  0      0               127.0.0.1:6007           127.0.0.1:53    users:(("python3",pid=14629,fd=45),("python3",pid=14351,fd=45)) ino:6656455 sk:189e6 cgroup:/ <->
UNCONN 0      0               192.0.2.1:6010             0.0.0.0:*     users:(("python3",pid=14629,fd=49),("python3",pid=14351,fd=49)) ino:6656459 sk:189e7 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6010           192.0.2.2:65535 users:(("python3",pid=14629,fd=48),("python3",pid=14351,fd=48)) ino:6656458 sk:189e8 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6010           192.0.2.2:53    users:(("python3",pid=14629,fd=47),("python3",pid=14351,fd=47)) ino:6656457 sk:189e9 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6011           192.0.2.2:53    users:(("python3",pid=14629,fd=51),("python3",pid=14351,fd=51)) ino:6656461 sk:189ea cgroup:/ <->
ESTAB  0      0               192.0.2.1:6011           192.0.2.2:53    users:(("python3",pid=14629,fd=50),("python3",pid=14351,fd=50)) ino:6656460 sk:189eb cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7000             0.0.0.0:*     users:(("python3",pid=14629,fd=5),("python3",pid=14610,fd=5),("python3",pid=14351,fd=5)) ino:6656394 sk:189cb cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=14629,fd=60)) ino:6656769 sk:189fe cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=14629,fd=59)) ino:6656766 sk:189fd cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=14629,fd=15),("python3",pid=14351,fd=15)) ino:6656421 sk:189d8 cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=14610,fd=14)) ino:6656409 sk:189d0 cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=14610,fd=9)) ino:6656403 sk:189cc cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=14629,fd=16),("python3",pid=14351,fd=16)) ino:6656422 sk:189d9 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=14629,fd=12),("python3",pid=14351,fd=12)) ino:6656416 sk:189d5 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=14610,fd=15)) ino:6656410 sk:189d1 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=14610,fd=11)) ino:6656404 sk:189cd cgroup:/ <->
UNCONN 0      0                       *:1                      *:*     users:(("python3",pid=14629,fd=37),("python3",pid=14351,fd=37)) ino:6656447 sk:189ec cgroup:/ v6only:0 <->
UNCONN 0      0                   [::1]:53                  [::]:*     users:(("python3",pid=14629,fd=25),("python3",pid=14351,fd=25)) ino:6656435 sk:189ed cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:123                 [::]:*     users:(("python3",pid=14629,fd=27),("python3",pid=14351,fd=27)) ino:6656437 sk:189ee cgroup:/ v6only:1 <->
UNCONN 0      0          [fe80::1]%void:546                 [::]:*     users:(("python3",pid=14629,fd=33),("python3",pid=14351,fd=33)) ino:6656443 sk:189ef cgroup:/ v6only:1 <->
UNCONN 0      0          [fe80::1]%near:546                 [::]:*     users:(("python3",pid=14629,fd=32),("python3",pid=14351,fd=32)) ino:6656442 sk:189f0 cgroup:/ v6only:1 <->
UNCONN 0      0      [::ffff:192.0.2.1]:5001                   *:*     users:(("python3",pid=14629,fd=28),("python3",pid=14351,fd=28)) ino:6656438 sk:189f1 cgroup:/ v6only:0 <->
UNCONN 0      0         [ff02::fb]%near:5353                [::]:*     users:(("python3",pid=14629,fd=31),("python3",pid=14351,fd=31)) ino:6656441 sk:189f2 cgroup:/ v6only:1 <->
UNCONN 0      0                       *:5355                   *:*     users:(("python3",pid=14629,fd=20),("python3",pid=14351,fd=20)) ino:6656430 sk:189f3 cgroup:/ v6only:0 <->
UNCONN 0      0                    [::]:5356                [::]:*     users:(("python3",pid=14629,fd=21),("python3",pid=14351,fd=21)) ino:6656431 sk:189f4 cgroup:/ v6only:1 <->
UNCONN 0      0                    [::]:5357                [::]:*     users:(("python3",pid=14629,fd=23),("python3",pid=14351,fd=23)) ino:6656433 sk:189f5 cgroup:/ v6only:1 <->
ESTAB  0      0           [2001:db8::1]:6002       [2001:db8::2]:53    users:(("python3",pid=14629,fd=39),("python3",pid=14351,fd=39)) ino:6656449 sk:189f6 cgroup:/ <->
ESTAB  0      0          [fe80::1]%void:6003           [fe80::2]:547   users:(("python3",pid=14629,fd=41),("python3",pid=14351,fd=41)) ino:6656451 sk:189f7 cgroup:/ <->
ESTAB  0      0          [fe80::1]%near:6003           [fe80::2]:547   users:(("python3",pid=14629,fd=40),("python3",pid=14351,fd=40)) ino:6656450 sk:189f8 cgroup:/ <->
ESTAB  0      0      [::ffff:192.0.2.1]:6004  [::ffff:192.0.2.2]:53    users:(("python3",pid=14629,fd=42),("python3",pid=14351,fd=42)) ino:6656452 sk:189f9 cgroup:/ <->
ESTAB  0      0      [::ffff:192.0.2.1]:6005  [::ffff:192.0.2.2]:53    users:(("python3",pid=14629,fd=43),("python3",pid=14351,fd=43)) ino:6656453 sk:189fa cgroup:/ <->
ESTAB  0      0           [2001:db8::1]:6006       [2001:db8::2]:53    users:(("python3",pid=14629,fd=44),("python3",pid=14351,fd=44)) ino:6656454 sk:189fb cgroup:/ <->
ESTAB  0      0                   [::1]:6008               [::1]:53    users:(("python3",pid=14629,fd=46),("python3",pid=14351,fd=46)) ino:6656456 sk:189fc cgroup:/ <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=14610,fd=12)) ino:6656405 sk:189ce cgroup:/ v6only:0 <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=14610,fd=16)) ino:6656411 sk:189d2 cgroup:/ v6only:0 <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=14629,fd=13),("python3",pid=14351,fd=13)) ino:6656417 sk:189d6 cgroup:/ v6only:0 <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=14629,fd=17),("python3",pid=14351,fd=17)) ino:6656423 sk:189da cgroup:/ v6only:0 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=14610,fd=13)) ino:6656406 sk:189cf cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=14610,fd=17)) ino:6656412 sk:189d3 cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=14629,fd=14),("python3",pid=14351,fd=14)) ino:6656418 sk:189d7 cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=14629,fd=18),("python3",pid=14351,fd=18)) ino:6656424 sk:189db cgroup:/ v6only:1 <->

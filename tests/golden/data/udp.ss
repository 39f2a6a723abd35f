State  Recv-Q Send-Q      Local Address:Port        Peer Address:Port Process
UNCONN 0      0                 0.0.0.0:65535            0.0.0.0:*     users:(("python3",pid=4941,fd=36)) ino:6641034 sk:189a4 cgroup:/ <->
UNCONN 0      0               127.0.0.1:53               0.0.0.0:*     users:(("python3",pid=4941,fd=24)) ino:6641022 sk:189a5 cgroup:/ <->
UNCONN 0      0            0.0.0.0%void:67               0.0.0.0:*     users:(("python3",pid=4941,fd=35)) ino:6641033 sk:189a6 cgroup:/ <->
UNCONN 0      0            0.0.0.0%near:67               0.0.0.0:*     users:(("python3",pid=4941,fd=34)) ino:6641032 sk:189a7 cgroup:/ <->
UNCONN 0      0               192.0.2.1:123              0.0.0.0:*     users:(("python3",pid=4941,fd=26)) ino:6641024 sk:189a8 cgroup:/ <->
UNCONN 0      0             192.0.2.255:137              0.0.0.0:*     users:(("python3",pid=4941,fd=30)) ino:6641028 sk:189a9 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:4789             0.0.0.0:*     ino:6641853 sk:18992 cgroup:/ <->
UNCONN 0      0             224.0.0.251:5353             0.0.0.0:*     users:(("python3",pid=4941,fd=29)) ino:6641027 sk:189aa cgroup:/ <->
UNCONN 0      0                 0.0.0.0:5353             0.0.0.0:*     users:(("python3",pid=4941,fd=19)) ino:6641017 sk:189ab cgroup:/ <->
UNCONN 0      0                 0.0.0.0:5357             0.0.0.0:*     users:(("python3",pid=4941,fd=22)) ino:6641020 sk:189ac cgroup:/ <->
ESTAB  0      0               192.0.2.1:6001           192.0.2.2:53    users:(("python3",pid=4941,fd=38)) ino:6641036 sk:189ad cgroup:/ <->
ESTAB  0      0               127.0.0.1:6007           127.0.0.1:53    users:(("python3",pid=4941,fd=45)) ino:6641043 sk:189ae cgroup:/ <->
UNCONN 0      0               192.0.2.1:6010             0.0.0.0:*     users:(("python3",pid=4941,fd=49)) ino:6641047 sk:189af cgroup:/ <->
ESTAB  0      0               192.0.2.1:6010           192.0.2.2:65535 users:(("python3",pid=4941,fd=48)) ino:6641046 sk:189b0 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6010           192.0.2.2:53    users:(("python3",pid=4941,fd=47)) ino:6641045 sk:189b1 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6011           192.0.2.2:53    users:(("python3",pid=4941,fd=51)) ino:6641049 sk:189b2 cgroup:/ <->
ESTAB  0      0               192.0.2.1:6011           192.0.2.2:53    users:(("python3",pid=4941,fd=50)) ino:6641048 sk:189b3 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7000             0.0.0.0:*     users:(("python3",pid=5036,fd=5),("python3",pid=4941,fd=5)) ino:6640983 sk:18993 cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=4941,fd=15)) ino:6641009 sk:189a0 cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=4941,fd=11)) ino:6641003 sk:1899c cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=5036,fd=14)) ino:6640997 sk:18998 cgroup:/ <->
UNCONN 0      0               192.0.2.1:7001             0.0.0.0:*     users:(("python3",pid=5036,fd=9)) ino:6640991 sk:18994 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=4941,fd=16)) ino:6641010 sk:189a1 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=4941,fd=12)) ino:6641004 sk:1899d cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=5036,fd=15)) ino:6640998 sk:18999 cgroup:/ <->
UNCONN 0      0                 0.0.0.0:7002             0.0.0.0:*     users:(("python3",pid=5036,fd=11)) ino:6640992 sk:18995 cgroup:/ <->
UNCONN 0      0                       *:1                      *:*     users:(("python3",pid=4941,fd=37)) ino:6641035 sk:189b4 cgroup:/ v6only:0 <->
UNCONN 0      0                   [::1]:53                  [::]:*     users:(("python3",pid=4941,fd=25)) ino:6641023 sk:189b5 cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:123                 [::]:*     users:(("python3",pid=4941,fd=27)) ino:6641025 sk:189b6 cgroup:/ v6only:1 <->
UNCONN 0      0          [fe80::1]%void:546                 [::]:*     users:(("python3",pid=4941,fd=33)) ino:6641031 sk:189b7 cgroup:/ v6only:1 <->
UNCONN 0      0          [fe80::1]%near:546                 [::]:*     users:(("python3",pid=4941,fd=32)) ino:6641030 sk:189b8 cgroup:/ v6only:1 <->
UNCONN 0      0      [::ffff:192.0.2.1]:5001                   *:*     users:(("python3",pid=4941,fd=28)) ino:6641026 sk:189b9 cgroup:/ v6only:0 <->
UNCONN 0      0         [ff02::fb]%near:5353                [::]:*     users:(("python3",pid=4941,fd=31)) ino:6641029 sk:189ba cgroup:/ v6only:1 <->
UNCONN 0      0                       *:5355                   *:*     users:(("python3",pid=4941,fd=20)) ino:6641018 sk:189bb cgroup:/ v6only:0 <->
UNCONN 0      0                    [::]:5356                [::]:*     users:(("python3",pid=4941,fd=21)) ino:6641019 sk:189bc cgroup:/ v6only:1 <->
UNCONN 0      0                    [::]:5357                [::]:*     users:(("python3",pid=4941,fd=23)) ino:6641021 sk:189bd cgroup:/ v6only:1 <->
ESTAB  0      0           [2001:db8::1]:6002       [2001:db8::2]:53    users:(("python3",pid=4941,fd=39)) ino:6641037 sk:189be cgroup:/ <->
ESTAB  0      0          [fe80::1]%void:6003           [fe80::2]:547   users:(("python3",pid=4941,fd=41)) ino:6641039 sk:189bf cgroup:/ <->
ESTAB  0      0          [fe80::1]%near:6003           [fe80::2]:547   users:(("python3",pid=4941,fd=40)) ino:6641038 sk:189c0 cgroup:/ <->
ESTAB  0      0      [::ffff:192.0.2.1]:6004  [::ffff:192.0.2.2]:53    users:(("python3",pid=4941,fd=42)) ino:6641040 sk:189c1 cgroup:/ <->
ESTAB  0      0      [::ffff:192.0.2.1]:6005  [::ffff:192.0.2.2]:53    users:(("python3",pid=4941,fd=43)) ino:6641041 sk:189c2 cgroup:/ <->
ESTAB  0      0           [2001:db8::1]:6006       [2001:db8::2]:53    users:(("python3",pid=4941,fd=44)) ino:6641042 sk:189c3 cgroup:/ <->
ESTAB  0      0                   [::1]:6008               [::1]:53    users:(("python3",pid=4941,fd=46)) ino:6641044 sk:189c4 cgroup:/ <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=5036,fd=12)) ino:6640993 sk:18996 cgroup:/ v6only:0 <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=5036,fd=16)) ino:6640999 sk:1899a cgroup:/ v6only:0 <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=4941,fd=13)) ino:6641005 sk:1899e cgroup:/ v6only:0 <->
UNCONN 0      0                       *:7003                   *:*     users:(("python3",pid=4941,fd=17)) ino:6641011 sk:189a2 cgroup:/ v6only:0 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=5036,fd=13)) ino:6640994 sk:18997 cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=5036,fd=17)) ino:6641000 sk:1899b cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=4941,fd=14)) ino:6641006 sk:1899f cgroup:/ v6only:1 <->
UNCONN 0      0           [2001:db8::1]:7004                [::]:*     users:(("python3",pid=4941,fd=18)) ino:6641012 sk:189a3 cgroup:/ v6only:1 <->

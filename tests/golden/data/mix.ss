State      Recv-Q Send-Q      Local Address:Port          Peer Address:Port Process
LISTEN     0      8               192.0.2.1:8090               0.0.0.0:*     users:(("python3",pid=1539,fd=21)) ino:7523633 sk:319f7f cgroup:/ <->
LISTEN     0      8               192.0.2.1:8090               0.0.0.0:*     users:(("python3",pid=1764,fd=8)) ino:7523619 sk:319f7b cgroup:/ <->
LISTEN     0      8                 0.0.0.0:8081               0.0.0.0:*     users:(("python3",pid=1539,fd=15)) ino:7523627 sk:319f82 cgroup:/ <->
LISTEN     0      8                 0.0.0.0:8092               0.0.0.0:*     users:(("python3",pid=1539,fd=22)) ino:7523634 sk:319f84 cgroup:/ <->
LISTEN     1      8                 0.0.0.0:8022               0.0.0.0:*     users:(("python3",pid=1539,fd=9)) ino:7523622 sk:319f85 cgroup:/ <->
LISTEN     0      8               127.0.0.1:8025               0.0.0.0:*     users:(("python3",pid=1539,fd=13)) ino:7523625 sk:319f86 cgroup:/ <->
CLOSING    1      1               192.0.2.1:8022          198.51.100.2:40043 timer:(on,028ms,0) ino:0 sk:319f8a cgroup:/ ---
LAST-ACK   0      1               192.0.2.1:8022          198.51.100.2:40042 timer:(on,028ms,0) ino:0 sk:319f8d cgroup:/ ---
SYN-RECV   0      0               192.0.2.1:8022           203.0.113.9:40063 timer:(on,824ms,0) ino:0 sk:319f8e
ESTAB      0      0               127.0.0.1:40006            127.0.0.1:8022  users:(("python3",pid=1539,fd=34)) ino:7523644 sk:319f8f cgroup:/ <->
FIN-WAIT-2 0      0               192.0.2.1:8022             192.0.2.2:40011 users:(("python3",pid=1539,fd=39)) ino:7523652 sk:319f92 cgroup:/ <--
TIME-WAIT  0      0               192.0.2.1:8022             192.0.2.2:40013 timer:(timewait,59sec,0) ino:0 sk:319f94
FIN-WAIT-1 0      1               192.0.2.1:8022          198.51.100.2:40041 timer:(on,024ms,0) ino:0 sk:319f9e cgroup:/ ---
ESTAB      0      0               192.0.2.1:8022             192.0.2.2:40001 users:(("python3",pid=1539,fd=24)) ino:7523637 sk:319fa1 cgroup:/ <->
ESTAB      0      0               127.0.0.1:8022             127.0.0.1:40006 users:(("python3",pid=1539,fd=31)) ino:7523645 sk:319fa2 cgroup:/ <->
CLOSE-WAIT 1      0               192.0.2.1:8022             192.0.2.2:40012 users:(("python3",pid=1539,fd=40)) ino:7523654 sk:319fa4 cgroup:/ -->
ESTAB      0      0               192.0.2.1:8022             192.0.2.2:40002 ino:0 sk:319fa5 cgroup:/ <->
SYN-SENT   0      1               192.0.2.1:40061          203.0.113.9:9     users:(("python3",pid=1539,fd=46)) timer:(on,820ms,0) ino:7523705 sk:319fa6 cgroup:/ <->
LISTEN     0      8          [fe80::1]%void:8547                  [::]:*     users:(("python3",pid=1539,fd=20)) ino:7523632 sk:319f7d cgroup:/ v6only:1 <->
LISTEN     0      8          [fe80::1]%near:8547                  [::]:*     users:(("python3",pid=1539,fd=12)) ino:7523624 sk:319f7e cgroup:/ v6only:1 <->
LISTEN     0      8      [::ffff:192.0.2.1]:8082                     *:*     users:(("python3",pid=1539,fd=18)) ino:7523630 sk:319f80 cgroup:/ v6only:0 <->
LISTEN     0      8                    [::]:8081                  [::]:*     users:(("python3",pid=1539,fd=16)) ino:7523628 sk:319f81 cgroup:/ v6only:1 <->
LISTEN     0      8                       *:8080                     *:*     users:(("python3",pid=1539,fd=11)) ino:7523623 sk:319f83 cgroup:/ v6only:0 <->
LISTEN     0      8                       *:8092                     *:*     users:(("python3",pid=1764,fd=9)) ino:7523620 sk:319f7c cgroup:/ v6only:0 <->
LISTEN     0      8                   [::1]:8631                  [::]:*     users:(("python3",pid=1539,fd=17)) ino:7523629 sk:319f87 cgroup:/ v6only:1 <->
LISTEN     0      8           [2001:db8::1]:8091                  [::]:*     users:(("python3",pid=1539,fd=19)) ino:7523631 sk:319f88 cgroup:/ v6only:1 <->
LISTEN     0      8                    [::]:8443                  [::]:*     users:(("python3",pid=1539,fd=14)) ino:7523626 sk:319f89 cgroup:/ v6only:1 <->
SYN-SENT   0      1           [2001:db8::1]:40062      [2001:db8:3::9]:9     users:(("python3",pid=1539,fd=48)) timer:(on,816ms,0) ino:7523706 sk:319f8b cgroup:/ <->
ESTAB      0      0                   [::1]:8080                 [::1]:40007 users:(("python3",pid=1539,fd=33)) ino:7523647 sk:319f8c cgroup:/ <->
CLOSING    1      1           [2001:db8::1]:8080       [2001:db8:2::2]:40053 timer:(on,020ms,0) ino:0 sk:319f90 cgroup:/ ---
LAST-ACK   0      1           [2001:db8::1]:8080       [2001:db8:2::2]:40052 timer:(on,020ms,0) ino:0 sk:319f91 cgroup:/ ---
ESTAB      0      0      [::ffff:192.0.2.1]:40008   [::ffff:192.0.2.2]:9000  users:(("python3",pid=1539,fd=35)) ino:7523649 sk:319f93 cgroup:/ <->
ESTAB      0      0                   [::1]:40007                [::1]:8080  users:(("python3",pid=1539,fd=36)) ino:7523646 sk:319f95 cgroup:/ <->
SYN-RECV   0      0      [::ffff:192.0.2.1]:8080  [::ffff:203.0.113.9]:40064 timer:(on,816ms,0) ino:0 sk:319f96
TIME-WAIT  0      0          [fe80::1]%near:8547             [fe80::2]:40033 timer:(timewait,59sec,0) ino:0 sk:319f97
CLOSE-WAIT 1      0           [2001:db8::1]:8080         [2001:db8::2]:40022 users:(("python3",pid=1539,fd=44)) ino:7523658 sk:319f98 cgroup:/ -->
TIME-WAIT  0      0      [::ffff:192.0.2.1]:8080    [::ffff:192.0.2.2]:40014 timer:(timewait,59sec,0) ino:0 sk:319f99
TIME-WAIT  0      0           [2001:db8::1]:8080         [2001:db8::2]:40023 timer:(timewait,59sec,0) ino:0 sk:319f9a
FIN-WAIT-1 0      1           [2001:db8::1]:8080       [2001:db8:2::2]:40051 timer:(on,020ms,0) ino:0 sk:319f9b cgroup:/ ---
ESTAB      0      0           [2001:db8::1]:8080         [2001:db8::2]:40004 users:(("python3",pid=1539,fd=27)) ino:7523641 sk:319f9c cgroup:/ <->
ESTAB      0      0          [fe80::1]%near:8547             [fe80::2]:40005 users:(("python3",pid=1539,fd=29)) ino:7523643 sk:319f9d cgroup:/ <->
FIN-WAIT-2 0      0           [2001:db8::1]:8080         [2001:db8::2]:40021 users:(("python3",pid=1539,fd=42)) ino:7523656 sk:319f9f cgroup:/ <--
ESTAB      0      0      [::ffff:192.0.2.1]:8080    [::ffff:192.0.2.2]:40003 users:(("python3",pid=1539,fd=25)) ino:7523639 sk:319fa0 cgroup:/ <->
SYN-RECV   0      0           [2001:db8::1]:8080       [2001:db8:3::9]:40065 timer:(on,816ms,0) ino:0 sk:319fa3

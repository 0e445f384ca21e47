"""What backup and restore refuse, in words."""

from __future__ import annotations

from saima.problems import declare

FILE_EXISTS = declare(
    "backup-file-exists",
    "备份文件已经存在，没有覆盖。",
    "请换一个文件名，或给一个目录，由程序按时间取名。",
    "the backup file exists already and was not overwritten.",
    "Choose another name, or name a folder and the file is named after the time.",
)
NO_ROOM = declare(
    "backup-not-written",
    "备份没有写成：{why}。没写完的文件已经删除。",
    "请检查目录是否存在、能不能写、磁盘还剩多少空间，再运行一次。",
    "the backup could not be written: {why}; the unfinished file was removed.",
    "Check that the folder exists, may be written to and has room, then try again.",
)
PROGRAM_FAILED = declare(
    "database-program-failed",
    "{program} 没有成功：{why}",
    "请安装与数据库服务器同版本的 PostgreSQL 客户端（Debian：postgresql-client），并核对 SAIMA_DATABASE。",
    "{program} failed: {why}",
    "Install PostgreSQL's client programs of the server's version and check SAIMA_DATABASE.",
)
NOT_A_BACKUP = declare(
    "backup-unreadable",
    "这不是完整的赛马备份：{why}。什么都没有改动。",
    "请换一份备份；如果是从别处拷来的，请重新拷贝并核对大小。",
    "this is not a whole backup of Saima: {why}; nothing was changed.",
    "Use another backup; if this one was copied, copy it again and compare the sizes.",
)
TOO_NEW = declare(
    "backup-too-new",
    "备份来自更新的版本 {theirs}，这里是 {ours}，恢复不了。什么都没有改动。",
    "请先把平台升级到 {theirs} 或更新的版本，再恢复。",
    "the backup comes from the newer version {theirs}, this is {ours}; nothing was changed.",
    "Upgrade the platform to {theirs} or later first.",
)
OTHER_DATABASE = declare(
    "backup-of-other-database",
    "备份来自 {theirs}，这里设置的是 {ours}，不能互相恢复。什么都没有改动。",
    "请核对 SAIMA_DATABASE：不设是 SQLite，设 postgresql:// 地址是 PostgreSQL。",
    "the backup is of {theirs}, but {ours} is set here; nothing was changed.",
    "Check SAIMA_DATABASE: unset means SQLite, a postgresql:// address PostgreSQL.",
)
OCCUPIED = declare(
    "restore-target-occupied",
    "这里已经有数据：{what}。什么都没有改动。",
    "确实要换掉，请加 --replace；原来的数据会移到一边，不会删除。",
    "there are data here already: {what}; nothing was changed.",
    "To replace them add --replace; the old data are put aside, not deleted.",
)
STILL_SERVING = declare(
    "restore-while-serving",
    "平台正在运行，不能恢复。什么都没有改动。",
    "请先停下 saima serve（systemctl stop saima），再恢复。",
    "the platform is running; nothing was changed.",
    "Stop `saima serve` first (systemctl stop saima), then restore.",
)
BROKEN_CHAIN = declare(
    "restore-chain-broken",
    "备份里的账本校验不通过：{why}。已退回原来的数据。",
    "请换一份更早的备份，并保留这一份供核查。",
    "the ledger in the backup does not verify: {why}; the former data are back.",
    "Use an earlier backup, and keep this one for inquiry.",
)

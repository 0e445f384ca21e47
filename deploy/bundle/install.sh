#!/bin/sh
# Installs the platform from this folder, which `make bundle` made. It asks no network and no
# program but a shell's usual ones: the folder brings its own interpreter with its own C library.
set -eu

usage() {
    cat <<'TEXT'
用法：sh install.sh [选项]

  --prefix 目录     装到哪里，默认 /opt/saima
  --data 目录       数据放在哪里，默认 /var/lib/saima
  --settings 文件   设置文件，没有则生成一份（含新的密钥）；管理员默认 /etc/saima/saima.env
  --units 目录      systemd 单元写到哪里；有 systemd 时默认 /etc/systemd/system
  --no-units        不写 systemd 单元
  --migrate         装好后建立或升级数据库的表
TEXT
}

fail() {
    echo "安装没有完成：$*" >&2
    exit 1
}

here=$(cd "$(dirname "$0")" && pwd -P)
prefix=/opt/saima data=/var/lib/saima settings='' units='' migrate=''
system_units=/etc/systemd/system
[ -d /run/systemd/system ] && [ "$(id -u)" = 0 ] && units=$system_units
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage && exit 0 ;;
    --migrate) migrate=yes ;;
    --no-units) units='' ;;
    --prefix | --data | --settings | --units)
        [ $# -ge 2 ] || fail "$1 后面要写一个路径。"
        case $1 in
        --prefix) prefix=$2 ;;
        --data) data=$2 ;;
        --settings) settings=$2 ;;
        --units) units=$2 ;;
        esac
        shift
        ;;
    *) usage >&2 && fail "不认识“$1”。" ;;
    esac
    shift
done
if [ -z "$settings" ]; then
    [ "$(id -u)" = 0 ] && settings=/etc/saima/saima.env || settings=$prefix/saima.env
fi
for path in "$prefix" "$data" "$settings"; do
    case $path in
    *[!A-Za-z0-9/._-]*) fail "路径“$path”里只能有字母、数字和 . _ - /，请换一个。" ;;
    /*) ;;
    *) fail "路径“$path”要从 / 写起。" ;;
    esac
done
[ ${#prefix} -le 120 ] || fail "安装目录的路径太长，请换一个120个字符以内的。"
for program in tar gzip sha256sum sed cut; do
    command -v "$program" >/dev/null || fail "缺少命令 $program，请从操作系统的安装源装上。"
done

machine=$(uname -m)
case $machine in
x86_64 | amd64) machine=x86_64 loader=ld-linux-x86-64.so.2 ;;
aarch64 | arm64) machine=aarch64 loader=ld-linux-aarch64.so.1 ;;
*) fail "这台机器是 $machine，安装包里只有 x86_64 和 aarch64。" ;;
esac

echo "核对安装包……"
cd "$here"
sha256sum -c --quiet SHA256SUMS >&2 || fail "有文件与 SHA256SUMS 不符，请重新拷贝安装包。"
name=$(sed -n 's/^version=//p' VERSION)-$(sha256sum SHA256SUMS | cut -c1-8)
root=$prefix/versions/$name
if [ ! -e "$root/ready" ]; then
    echo "安装 $name（$machine）到 $prefix ……"
    rm -rf "$root"
    mkdir -p "$root" || fail "建不了目录 $root，请换一个用户，或用 --prefix 换一个目录。"
    tar -xzf "python/$machine.tar.gz" -C "$root" || fail "解不开 python/$machine.tar.gz，磁盘满了吗？"
    python=$root/python/bin/python3.11
    "$root/python/lib/$loader" --library-path "$root/python/lib" "$python" -I relocate.py \
        "$python" "$root/python/lib/$loader" || fail "解释器不能在这台机器上运行。"
    "$python" -I -m compileall -q -j 0 "$root/python/lib/python3.11" >/dev/null || true
    "$python" -I -m venv --without-pip "$root/venv"
    "$root/venv/bin/python" -I "tools/$(cd tools && echo pip-*.whl)/pip" --isolated install --quiet \
        --no-index --no-cache-dir --disable-pip-version-check --require-hashes \
        -f "wheels/any" -f "wheels/$machine" -r requirements.txt \
        || fail "有安装包装不上。"
    "$root/venv/bin/python" -I -c 'import cryptography, django, lxml, numpy, polars, psycopg, scipy' \
        || fail "装好的程序在这台机器上运行不了（处理器太旧？要有 AVX2）。"
    cp -R deploy guide campaigns rulebooks VERSION LICENSE "$root/"
    : >"$root/ready"
fi
mkdir -p "$prefix/bin" "$data"
ln -sfn "versions/$name" "$prefix/current"
ln -sfn ../current/venv/bin/saima "$prefix/bin/saima"

if [ ! -e "$settings" ]; then
    mkdir -p "$(dirname "$settings")"
    (
        umask 077
        secret=$("$prefix/bin/saima" admin secret)
        sed "s|^SAIMA_SECRET=.*|SAIMA_SECRET=$secret|" deploy/saima.env.example >"$settings"
    )
    echo "生成了设置文件 $settings，请改其中的域名；密钥要另外保管一份。"
fi
if [ -n "$units" ]; then
    mkdir -p "$units"
    for unit in saima.service saima-backup.service saima-backup.timer; do
        sed -e "s|/opt/saima/|$prefix/|g" -e "s|/etc/saima/saima.env|$settings|g" \
            deploy/$unit >"$units/$unit"
        [ "$data" = /var/lib/saima ] || sed -i -e "s|=/var/lib/saima|=$data|g" \
            -e '/^StateDirectoryMode=/d' -e "s|^StateDirectory=.*|ReadWritePaths=$data|" "$units/$unit"
    done
    echo "写好了 $units/saima.service 和每天备份的定时器。"
fi
if [ "$units" = "$system_units" ]; then
    id saima >/dev/null 2>&1 || useradd --system --home-dir "$data" saima
    mkdir -p /var/backups/saima
    chown saima: "$data" /var/backups/saima
    chmod 750 "$data" /var/backups/saima
    systemctl daemon-reload
fi
if [ -n "$migrate" ]; then
    while IFS= read -r line; do
        case $line in \#* | '') ;; *=*) export "$line" ;; esac
    done <"$settings"
    SAIMA_DATA=$data "$prefix/bin/saima" admin migrate || fail "数据库的表没有建好，见上面的说明。"
    if [ "$units" = "$system_units" ]; then chown -R saima: "$data"; fi
fi

echo "装好了：$prefix/bin/saima"
if [ "$units" = "$system_units" ]; then
    echo "启动：systemctl enable --now saima saima-backup.timer；已在运行的：systemctl restart saima"
else
    echo "启动前读入 $settings 里的设置，再设 SAIMA_DATA=$data，运行 $prefix/bin/saima serve"
fi

"""Systems of nixpkgs 26.11 that differ in a few options, for the benchmarks of commands that take several."""
import os
import shlex
import subprocess
import sys
import time

SERVICES = ["openssh.enable", "fstrim.enable", "chrony.enable", "nginx.enable", "postgresql.enable", "redis.servers.a.enable",
            "avahi.enable", "cron.enable", "dnsmasq.enable", "fail2ban.enable"]

# Packages that need nothing of Haskell's.
OVERLAYS = """nixpkgs.overlays = [
    (self: super: {
      shellcheck = super.hello;
      shellcheck-minimal = super.hello // { compiler.bootstrapAvailable = false; };
      pandoc = super.hello;
      haskellPackages = { };
    })
  ];"""


def fixture(number, overlays):
    """A system: what every one needs, and a few options of its own."""
    lines = [
        'boot.loader.grub.device = "/dev/sda";',
        'fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };',
        'system.stateVersion = "26.05";',
        f'networking.hostName = "host{number}";',
        f'boot.kernelParams = [ "number={number}" ];',
        f"networking.firewall.allowedTCPPorts = [ {1000 + number} ];",
        f"services.{SERVICES[number % len(SERVICES)]} = true;",
    ]
    if overlays:
        lines.append(OVERLAYS)
    if number % 3 == 0:
        lines.append(f'environment.etc."number".text = "{number}";')
    if number % 4 == 1:
        lines.append(f'users.users.user{number} = {{ isNormalUser = true; extraGroups = [ "wheel" ]; }};')
    if number % 5 == 2:
        lines.append(f'systemd.services.job{number} = {{ script = "echo {number}"; wantedBy = [ "multi-user.target" ]; }};')
    return "{ ... }:\n{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def run(command, folder, env, statuses=(0,)):
    """Runs a command, which must end with one of the statuses. Returns wall seconds, CPU seconds, and the largest resident set of a
    process in MiB."""
    before = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in statuses:
        sys.exit(f"{shlex.join(command)}: status {status}\n{out.decode(errors='replace')[-3000:]}")
    return time.monotonic() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def show(name, wall, cpu, peak):
    print(f"{name:34} wall {wall:7.1f} s   CPU {cpu:7.1f} s   peak {peak:5.0f} MiB", flush=True)

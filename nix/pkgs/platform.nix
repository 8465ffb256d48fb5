# The attributes that modules read from `hostPlatform`, from a system string such as "x86_64-linux".
{
  system,
  open,
}:

let
  matched = builtins.match "([^-]+)-(.+)" system;
  parts = if matched == null then throw "system string '${system}' with 1 component is ambiguous" else matched;
  cpu = builtins.elemAt parts 0;
  os = builtins.elemAt parts 1;

  # The names of a CPU elsewhere: in Linux' own source tree, in EFI file names, in QEMU.
  cpus = {
    x86_64 = {
      linuxArch = "x86_64";
      efiArch = "x64";
      bits = 64;
      family = "x86";
    };
    i686 = {
      linuxArch = "i386";
      efiArch = "ia32";
      bits = 32;
      family = "x86";
    };
    aarch64 = {
      linuxArch = "arm64";
      efiArch = "aa64";
      bits = 64;
      family = "arm";
    };
    armv7l = {
      linuxArch = "arm";
      efiArch = "arm";
      bits = 32;
      family = "arm";
    };
    armv6l = {
      linuxArch = "arm";
      efiArch = "arm";
      bits = 32;
      family = "arm";
    };
    loongarch64 = {
      linuxArch = "loongarch";
      efiArch = "loongarch64";
      bits = 64;
      family = "loongarch";
    };
    powerpc64le = {
      linuxArch = "powerpc";
      efiArch = "powerpc64le";
      bits = 64;
      family = "power";
    };
    s390x = {
      linuxArch = "s390";
      efiArch = "s390x";
      bits = 64;
      family = "s390";
    };
    riscv64 = {
      linuxArch = "riscv";
      efiArch = "riscv64";
      bits = 64;
      family = "riscv";
    };
  };
  facts = cpus.${cpu} or (throw "the stub package set does not know the system `${system}'");

  isLinux = os == "linux";
  isDarwin = os == "darwin";
in
open false "platform" {
  inherit
    system
    isLinux
    isDarwin
    ;
  inherit (facts) linuxArch efiArch;
  config =
    if isDarwin then
      "${if cpu == "aarch64" then "arm64" else cpu}-apple-${os}"
    else
      "${cpu}-unknown-linux-gnu${if facts.family == "arm" && facts.bits == 32 then "eabihf" else ""}";

  isUnix = true;
  isGnu = isLinux;
  isMusl = false;
  isFreeBSD = false;
  isWindows = false;
  isStatic = false;

  isx86 = facts.family == "x86";
  isx86_32 = cpu == "i686";
  isi686 = cpu == "i686";
  isx86_64 = cpu == "x86_64";
  isAarch = facts.family == "arm";
  isAarch32 = facts.family == "arm" && facts.bits == 32;
  isAarch64 = cpu == "aarch64";
  isRiscV = facts.family == "riscv";
  isRiscV64 = cpu == "riscv64";
  isPower = facts.family == "power";
  isPower64 = facts.family == "power";
  isLoongArch64 = cpu == "loongarch64";
  isS390x = cpu == "s390x";
  isEfi = facts.family != "power" && facts.family != "s390" && cpu != "armv6l";
  is32bit = facts.bits == 32;
  is64bit = facts.bits == 64;
  isLittleEndian = cpu != "s390x";
  isBigEndian = cpu == "s390x";

  parsed = {
    cpu = {
      name = cpu;
      inherit (facts) bits family;
    };
    kernel.name = os;
  };
  uname = {
    system = if isLinux then "Linux" else "Darwin";
    processor = cpu;
  };
  qemuArch =
    {
      i686 = "i386";
      armv6l = "arm";
      armv7l = "arm";
      powerpc64le = "ppc64le";
    }
    .${cpu} or cpu;
  extensions = {
    executable = "";
    sharedLibrary = if isDarwin then ".dylib" else ".so";
  };
  linux-kernel = {
    name = if facts.family == "x86" then "pc" else "${cpu}-multiplatform";
    target = if facts.family == "x86" then "bzImage" else "Image";
    DTB = facts.family != "x86";
  };
  # Every package of this set "runs" on its own platform only.
  canExecute = other: other.system or null == system;

  libc = if isLinux then "glibc" else "libSystem";
  libDir = if isLinux && builtins.elem cpu [ "x86_64" "powerpc64le" ] then "lib64" else "lib";
  linker = if isDarwin then "cctools" else "bfd";
  gcc = { };
  rust.rustcTarget = "${cpu}-unknown-linux-gnu";
  go = {
    GOOS = os;
    GOARCH = if cpu == "x86_64" then "amd64" else if cpu == "aarch64" then "arm64" else cpu;
  };
  emulatorAvailable = _: true;
  emulator = packages: "${packages.qemu}/bin/qemu-${cpu}";
} (name: if builtins.match "(is|has|use|can)[A-Z].*" name != null then false else null)

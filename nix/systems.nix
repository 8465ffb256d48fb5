# `lib.systems`: the systems that nixpkgs knows, in groups, and what a system's name alone determines.
#
# platform: the function of pkgs/platform.nix; open: that of pkgs.nix.
{ platform, open }:

let
  inherit (builtins)
    attrNames
    concatMap
    elem
    filter
    isAttrs
    isString
    listToAttrs
    split
    ;
  words = text: filter (word: isString word && word != "") (split " " text);

  # Each system with its groups, in the order of nixpkgs.
  systems = map (
    line:
    let
      parts = split ": " line;
    in
    {
      name = builtins.head parts;
      groups = words (builtins.elemAt parts 2);
    }
  ) lines;
  lines = [
    "i686-cygwin: cygwin i686 littleEndian unix x86"
    "x86_64-cygwin: cygwin littleEndian unix x86 x86_64"
    "x86_64-darwin: darwin littleEndian unix x86 x86_64"
    "aarch64-darwin: aarch aarch64 darwin littleEndian unix"
    "i686-freebsd: freebsd i686 littleEndian unix x86"
    "x86_64-freebsd: freebsd littleEndian unix x86 x86_64"
    "aarch64-freebsd: aarch aarch64 freebsd littleEndian unix"
    "aarch64-genode: aarch aarch64 genode littleEndian"
    "i686-genode: genode i686 littleEndian x86"
    "x86_64-genode: genode littleEndian x86 x86_64"
    "x86_64-solaris: illumos littleEndian unix x86 x86_64"
    "javascript-ghcjs: js littleEndian"
    "aarch64-linux: aarch aarch64 linux littleEndian unix"
    "arc-linux: arc linux littleEndian unix"
    "armv5tel-linux: aarch arm linux littleEndian unix"
    "armv6l-linux: aarch arm linux littleEndian unix"
    "armv7a-linux: aarch arm armv7 linux littleEndian unix"
    "armv7l-linux: aarch arm armv7 linux littleEndian unix"
    "i686-linux: i686 linux littleEndian unix x86"
    "loongarch64-linux: linux littleEndian loongarch64 unix"
    "m68k-linux: bigEndian linux m68k unix"
    "sh4-linux: linux littleEndian sh4 unix"
    "microblaze-linux: bigEndian linux microblaze unix"
    "microblazeel-linux: linux littleEndian microblaze unix"
    "mips-linux: bigEndian linux mips unix"
    "mips64-linux: bigEndian linux mips unix"
    "mips64el-linux: linux littleEndian mips unix"
    "mipsel-linux: linux littleEndian mips unix"
    "powerpc-linux: bigEndian linux power unix"
    "powerpc64-linux: bigEndian linux power unix"
    "powerpc64le-linux: linux littleEndian power unix"
    "riscv32-linux: linux littleEndian riscv riscv32 unix"
    "riscv64-linux: linux littleEndian riscv riscv64 unix"
    "s390-linux: bigEndian linux s390 unix"
    "s390x-linux: bigEndian linux s390 s390x unix"
    "x86_64-linux: linux littleEndian unix x86 x86_64"
    "mmix-mmixware: bigEndian mmix"
    "aarch64-netbsd: aarch aarch64 littleEndian netbsd unix"
    "armv6l-netbsd: aarch arm littleEndian netbsd unix"
    "armv7a-netbsd: aarch arm armv7 littleEndian netbsd unix"
    "armv7l-netbsd: aarch arm armv7 littleEndian netbsd unix"
    "i686-netbsd: i686 littleEndian netbsd unix x86"
    "m68k-netbsd: bigEndian m68k netbsd unix"
    "mipsel-netbsd: littleEndian mips netbsd unix"
    "powerpc-netbsd: bigEndian netbsd power unix"
    "riscv32-netbsd: littleEndian netbsd riscv riscv32 unix"
    "riscv64-netbsd: littleEndian netbsd riscv riscv64 unix"
    "x86_64-netbsd: littleEndian netbsd unix x86 x86_64"
    "aarch64_be-none: aarch aarch64 bigEndian embedded"
    "aarch64-none: aarch aarch64 embedded littleEndian"
    "arm-none: aarch arm embedded littleEndian"
    "armv6l-none: aarch arm embedded littleEndian"
    "avr-none: embedded"
    "i686-none: embedded i686 littleEndian x86"
    "microblaze-none: bigEndian embedded microblaze"
    "microblazeel-none: embedded littleEndian microblaze"
    "mips-none: bigEndian embedded mips"
    "mips64-none: bigEndian embedded mips"
    "msp430-none: embedded littleEndian"
    "or1k-none: bigEndian embedded or1k"
    "m68k-none: bigEndian embedded m68k"
    "powerpc-none: bigEndian embedded power"
    "powerpcle-none: embedded littleEndian power"
    "riscv32-none: embedded littleEndian riscv riscv32"
    "riscv64-none: embedded littleEndian riscv riscv64"
    "rx-none: embedded littleEndian rx"
    "s390-none: bigEndian embedded s390"
    "s390x-none: bigEndian embedded s390 s390x"
    "vc4-none: embedded littleEndian vc4"
    "x86_64-none: embedded littleEndian x86 x86_64"
    "i686-openbsd: i686 littleEndian openbsd unix x86"
    "x86_64-openbsd: littleEndian openbsd unix x86 x86_64"
    "x86_64-redox: littleEndian redox unix x86 x86_64"
    "wasm64-wasi: littleEndian wasi"
    "wasm32-wasi: littleEndian wasi"
    "aarch64-windows: aarch aarch64 littleEndian windows"
    "x86_64-windows: littleEndian windows x86 x86_64"
    "i686-windows: i686 littleEndian windows x86"
    "aarch64-uefi: aarch aarch64 littleEndian uefi"
    "x86_64-uefi: littleEndian uefi x86 x86_64"
  ];
  all = map (system: system.name) systems;

  groups = attrNames (
    listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) (concatMap (system: system.groups) systems)
    )
  );
  doubles =
    listToAttrs (
      map (name: {
        inherit name;
        value = map (system: system.name) (filter (system: elem name system.groups) systems);
      }) groups
    )
    // {
      inherit all;
      none = [ ];
      # The same as the group `linux`, but in another order.
      gnu = words "aarch64-linux arc-linux i686-linux loongarch64-linux m68k-linux sh4-linux microblaze-linux microblazeel-linux mips-linux mips64-linux mips64el-linux mipsel-linux powerpc-linux powerpc64le-linux riscv32-linux riscv64-linux s390-linux s390x-linux x86_64-linux armv5tel-linux armv6l-linux armv7a-linux armv7l-linux powerpc64-linux";
    };

  systemToAttrs = given: if isAttrs given then given else { system = given; };

  elaborate =
    given:
    let
      set = systemToAttrs given;
      system = "${set.system or (throw "lib.systems.elaborate: without nixpkgs a platform needs a `system'")}";
    in
    platform { inherit system open; } // set;
in
{
  inherit doubles elaborate systemToAttrs;
  # The boards are data of nixpkgs.
  platforms = { };
  flakeExposed = words "x86_64-linux aarch64-linux x86_64-darwin armv6l-linux armv7l-linux i686-linux aarch64-darwin powerpc64le-linux riscv64-linux x86_64-freebsd";
  equals = a: b: a.system == b.system;
  parse = {
    doubleFromSystem = { kernel, cpu, ... }: "${cpu.name}-${kernel.name}";
    mkSystemFromString = system: (elaborate system).parsed;
  };
  examples = { };
}

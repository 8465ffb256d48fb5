# The standard environment: the platform, a compiler's name, and `mkDerivation`.
{
  store,
  platform,
  pkgs,
  open,
}:

open false "stdenv" {
  name = "stdenv-linux";
  inherit (platform)
    system
    isLinux
    isDarwin
    isi686
    isx86_64
    isAarch32
    isAarch64
    is32bit
    is64bit
    ;
  hostPlatform = platform;
  buildPlatform = platform;
  targetPlatform = platform;
  isUnix = true;
  cc = pkgs.gcc // {
    isGNU = true;
    isClang = false;
    targetPrefix = "";
    cc = pkgs.gcc;
    libc = pkgs.glibc;
    bintools = pkgs.binutils;
  };
  shell = "${pkgs.bash}/bin/bash";

  # `mkDerivation (finalAttrs: { … })` sees the finished package, as in nixpkgs.
  mkDerivation =
    args:
    if builtins.isFunction args then
      let
        final = store.mkPackage (args final);
      in
      final // { finalPackage = final; }
    else
      store.mkPackage args;
} (name: if builtins.match "(is|has)[A-Z].*" name != null then false else null)

# Packages, variables and shells of the whole system.
{ lib, ... }:

let
  inherit (lib) mkOption types;

  variables =
    what:
    mkOption {
      type = types.attrsOf (
        types.nullOr (
          types.oneOf [
            types.int
            types.str
            types.path
            (types.listOf (types.either types.int types.str))
          ]
        )
      );
      default = { };
      apply = lib.mapAttrs (
        _: value: if lib.isList value then lib.concatMapStringsSep ":" toString value else value
      );
      description = "Environment variables ${what}. A list is joined with colons.";
    };

  shellText =
    when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run ${when}.";
    };
in
{
  options.environment = {
    systemPackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages that every user has.";
    };
    defaultPackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages that every user has unless this list is emptied.";
    };
    pathsToLink = mkOption {
      type = types.listOf types.str;
      default = [
        "/bin"
        "/share"
      ];
      description = "Directories of these packages that are linked into the system's profile.";
    };
    extraOutputsToInstall = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Further outputs of packages to install.";
    };
    variables = variables "for every shell";
    sessionVariables = variables "for every session";
    profiles = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Profiles that make up the search path.";
    };
    shells = mkOption {
      type = types.listOf (types.either types.package types.path);
      default = [ ];
      description = "Shells that users may choose.";
    };
    shellAliases = mkOption {
      type = types.attrsOf (types.nullOr (types.either types.str types.path));
      default = { };
      description = "Abbreviations that all shells know.";
    };
    shellInit = shellText "when a shell starts";
    loginShellInit = shellText "when a login shell starts";
    interactiveShellInit = shellText "when an interactive shell starts";
    extraInit = shellText "when the environment of a shell is set up";
    memoryAllocator.provider = mkOption {
      type = types.enum [
        "libc"
        "graphene-hardened"
        "jemalloc"
        "mimalloc"
        "scudo"
      ];
      default = "libc";
      description = "The memory allocator of all programs.";
    };
  };
}

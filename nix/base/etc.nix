# Files under /etc.
{
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;

  file =
    {
      name,
      config,
      options,
      ...
    }:
    {
      options = {
        enable = mkOption {
          type = types.bool;
          default = true;
          description = "Whether the file is made.";
        };
        target = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "Path of the file, relative to /etc.";
        };
        text = mkOption {
          type = types.nullOr types.lines;
          default = null;
          description = "What the file says.";
        };
        source = mkOption {
          type = types.path;
          description = "The file to link to; made from `text` if that is given.";
        };
        mode = mkOption {
          type = types.str;
          default = "symlink";
          example = "0600";
          description = "Permissions of a copy, or `symlink` for a link.";
        };
        uid = mkOption {
          type = types.int;
          default = 0;
          description = "Owner of a copy, by number.";
        };
        gid = mkOption {
          type = types.int;
          default = 0;
          description = "Group of a copy, by number.";
        };
        user = mkOption {
          type = types.str;
          default = "+${toString config.uid}";
          defaultText = "`uid`";
          description = "Owner of a copy, by name.";
        };
        group = mkOption {
          type = types.str;
          default = "+${toString config.gid}";
          defaultText = "`gid`";
          description = "Group of a copy, by name.";
        };
      };

      # The source of a file that is given as text has the priority of the text.
      config.source = lib.mkIf (config.text != null) (
        lib.mkDerivedConfig options.text (
          pkgs.writeText "etc-${lib.replaceStrings [ "/" "@" ":" ] [ "-" "-" "-" ] name}"
        )
      );
    };

  # Modules of 2013 define a list of files. Only their targets can serve as names.
  byTarget =
    files:
    lib.listToAttrs (
      map (entry: {
        name = entry.target;
        value = entry;
      }) files
    );
in
{
  options.environment.etc = mkOption {
    type = types.coercedTo (types.listOf types.attrs) byTarget (types.attrsOf (types.submodule file));
    default = { };
    example = {
      "issue.net".text = "Be welcome.";
    };
    description = "Files under /etc, by path. A list of files with a `target` each is understood, too.";
  };
}

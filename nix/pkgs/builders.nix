# Functions that make files and trees. Real ones build them; these only name them.
#
# The path of a result depends on its text or its parts, so a change in them shows in everything that refers
# to it (a unit's `restartTriggers`, for instance). The text itself stays readable as the attribute `text`.
{ store, pkgs }:

let
  inherit (store) mkPackage;

  writeTextFile =
    {
      name ? args.pname,
      text,
      executable ? false,
      destination ? "",
      meta ? { },
      ...
    }@args:
    mkPackage {
      inherit
        name
        text
        executable
        destination
        ;
      seed = "text:${destination}:${text}";
      meta = (if executable && destination != "" then { mainProgram = baseNameOf destination; } else { }) // meta;
    };

  script =
    interpreter: name: text:
    writeTextFile {
      inherit name;
      executable = true;
      text = "#!${interpreter}\n${text}";
    };
  scriptBin =
    interpreter: name: text:
    writeTextFile {
      inherit name;
      executable = true;
      destination = "/bin/${name}";
      text = "#!${interpreter}\n${text}";
    };
  runtimeShell = "${pkgs.bash}/bin/bash";
  python = "${pkgs.python3}/bin/python3";

  # A tree made from other paths.
  # The program that packs an initial file system.
  executableOf =
    compressor: packages:
    if builtins.isFunction compressor then
      compressor packages
    else if compressor == "cat" then
      compressor
    else
      "${packages.${if compressor == "lzma" then "xz" else compressor}}/bin/${compressor}";

  joined =
    {
      name ? "${args.pname}-${args.version}",
      paths ? [ ],
      ...
    }@args:
    mkPackage (
      removeAttrs args [ "paths" ]
      // {
        inherit name paths;
        seed = "join:${toString paths}";
      }
    );

  runCommand =
    name: env: command:
    mkPackage (
      env
      // {
        inherit name;
        buildCommand = command;
        seed = "run:${command}";
      }
    );

  # Sources from the network, named by their hash if they have one.
  fetched =
    name: args:
    mkPackage (
      args
      // {
        name = args.name or name;
        seed = "fetch:${args.hash or args.sha256 or args.rev or args.url or ""}";
      }
    );
in
{
  inherit
    writeTextFile
    runtimeShell
    runCommand
    ;
  runtimeShellPackage = pkgs.bash;

  writeText = name: text: writeTextFile { inherit name text; };
  writeTextDir =
    path: text:
    writeTextFile {
      name = baseNameOf path;
      destination = "/${path}";
      inherit text;
    };
  writeScript =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
    };
  writeScriptBin =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
      destination = "/bin/${name}";
    };
  writeShellScript = script runtimeShell;
  writeShellScriptBin = scriptBin runtimeShell;
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
      ...
    }:
    scriptBin runtimeShell name (
      if runtimeInputs == [ ] then
        text
      else
        "export PATH=${builtins.concatStringsSep ":" (map (input: "${input.bin or input}/bin") runtimeInputs)}:$PATH\n${text}"
    );
  concatText =
    name: files:
    joined {
      inherit name;
      paths = files;
    };

  writers = store.mkScope "writers" {
    writeText = name: text: writeTextFile { inherit name text; };
    writeJSON =
      name: value:
      writeTextFile {
        inherit name;
        text = builtins.toJSON value;
      };
    writeBash = script runtimeShell;
    writeBashBin = scriptBin runtimeShell;
    writeDash = script "${pkgs.dash}/bin/dash";
    writeDashBin = scriptBin "${pkgs.dash}/bin/dash";
    writePython3 = name: _: script python name;
    writePython3Bin = name: _: scriptBin python name;
  };

  runCommandLocal = runCommand;
  runCommandCC = runCommand;
  emptyFile = writeTextFile {
    name = "empty-file";
    text = "";
  };
  emptyDirectory = runCommand "empty-directory" { } "mkdir $out";

  symlinkJoin = joined;
  buildEnv = joined;
  linkFarm =
    name: entries:
    let
      list =
        if builtins.isAttrs entries then
          map (entry: {
            name = entry;
            path = entries.${entry};
          }) (builtins.attrNames entries)
        else
          entries;
    in
    joined {
      inherit name;
      paths = map (entry: "${entry.name}=${entry.path}") list;
      entries = builtins.listToAttrs (
        map (entry: {
          inherit (entry) name;
          value = entry.path;
        }) list
      );
    };
  linkFarmFromDrvs =
    name: packages:
    joined {
      inherit name;
      paths = packages;
    };
  closureInfo =
    { rootPaths }:
    joined {
      name = "closure-info";
      paths = rootPaths;
    };

  # One tree of modules from the kernel and other packages: `modprobe` reads only one.
  aggregateModules =
    modules:
    joined {
      name = "kernel-modules";
      paths = modules;
    };
  makeModulesClosure =
    {
      kernel,
      firmware ? [ ],
      rootModules,
      allowMissing ? false,
      extraFirmwarePaths ? [ ],
    }:
    joined {
      name = "${kernel.name or "kernel-modules"}-shrunk";
      paths = [
        kernel
        firmware
        rootModules
      ];
      inherit rootModules;
    };
  makeInitrd =
    {
      name ? "initrd",
      contents,
      compressor ? "gzip",
      ...
    }:
    joined {
      inherit name contents compressor;
      passthru.compressorExecutableFunction = executableOf compressor;
      paths = map (entry: "${entry.object or entry.source}=${entry.symlink or entry.target or ""}") contents;
    };
  makeInitrdNG =
    {
      name ? "initrd",
      contents,
      compressor ? "zstd",
      ...
    }:
    joined {
      inherit name contents compressor;
      passthru.compressorExecutableFunction = executableOf compressor;
      paths = map (entry: toString (entry.source or "")) contents;
    };

  substitute =
    {
      name ? baseNameOf (toString src),
      src,
      ...
    }:
    mkPackage {
      inherit name;
      seed = "substitute:${toString src}";
    };
  substituteAll =
    args:
    mkPackage (
      args
      // {
        name = args.name or (baseNameOf (toString args.src));
        seed = "substitute:${toString args.src}";
      }
    );
  replaceVars =
    src: values:
    mkPackage {
      name = baseNameOf (toString src);
      seed = "substitute:${toString src}:${toString (builtins.attrValues values)}";
    };

  fetchurl = args: fetched (baseNameOf (args.url or "source")) args;
  fetchpatch = args: fetched (baseNameOf (args.url or "patch")) args;
  fetchzip = fetched "source";
  fetchgit = fetched "source";
  fetchFromGitHub = fetched "source";
  fetchFromGitLab = fetched "source";

  mkShell =
    args:
    mkPackage (
      {
        name = "nix-shell";
        seed = "shell:${toString (args.packages or [ ])}";
      }
      // args
    );
  mkShellNoCC = args: mkPackage ({ name = "nix-shell"; } // args);
  makeDesktopItem =
    { name, ... }@args:
    mkPackage {
      name = "${name}.desktop";
      seed = "desktop:${args.exec or ""}";
    };
}

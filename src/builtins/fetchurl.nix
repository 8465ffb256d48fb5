# `<nix/fetchurl.nix>`: the derivation that Nix's built-in downloader builds. The names and values of its attributes are
# part of its store path.
{
  url,
  name ? baseNameOf (toString url),
  system ? "",
  hash ? "",
  md5 ? "",
  sha1 ? "",
  sha256 ? "",
  sha512 ? "",
  outputHash ?
    if hash != "" then
      hash
    else if sha512 != "" then
      sha512
    else if sha1 != "" then
      sha1
    else if md5 != "" then
      md5
    else
      sha256,
  outputHashAlgo ?
    if hash != "" then
      ""
    else if sha512 != "" then
      "sha512"
    else if sha1 != "" then
      "sha1"
    else if md5 != "" then
      "md5"
    else
      "sha256",
  executable ? false,
  unpack ? false,
  impure ? false,
}:

derivation (
  {
    inherit
      name
      url
      executable
      unpack
      ;
    builder = "builtin:fetchurl";
    system = "builtin";
    outputHashMode = if unpack || executable then "recursive" else "flat";
    preferLocalBuild = true;
    impureEnvVars = [
      "http_proxy"
      "https_proxy"
      "ftp_proxy"
      "all_proxy"
      "no_proxy"
    ];
    urls = [ url ];
  }
  // (if impure then { __impure = true; } else { inherit outputHash outputHashAlgo; })
)

{ lib, system }: { hello = "hello for ${system}"; }

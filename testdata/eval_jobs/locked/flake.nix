{
  inputs.lib.url = "path:../flake";
  outputs = { self, lib }: { jobs = lib.hydraJobs; };
}

{ name, version ? "1" }: { inherit name version; }

# An old name.
{
  demo.oldPort = 81;
}

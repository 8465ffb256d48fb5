{ lib, ... }:
{
  testSame = {
    expr = lib.toUpper "a";
    expected = "A";
  };
  testOther = {
    expr = { a = [ 1 2 ]; };
    expected = { a = [ 1 3 ]; };
  };
  testFails = {
    expr = throw "no";
    expected = 1;
  };
  errors = {
    testThrown = {
      expr = throw "10 instead of 5";
      expectedError.type = "ThrownError";
      expectedError.msg = "\\d+ instead of 5";
    };
    testOtherType = {
      expr = 1 + "a";
      expectedError.type = "ThrownError";
    };
    testOtherMessage = {
      expr = abort "x";
      expectedError.msg = "^y";
    };
    testNone = {
      expr = 1;
      expectedError.type = "Abort";
    };
  };
  testNothing = { };
}

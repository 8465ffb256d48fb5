{ lib }:
lib.runTests {
  testGood = {
    expr = 1;
    expected = 1;
  };
  testBad = {
    expr = 1;
    expected = 2;
  };
}

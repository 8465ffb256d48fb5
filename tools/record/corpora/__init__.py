"""The corpora by name. Each has its requirements (`NEEDS`) and a function that records it (`record`)."""

from . import base, colours, commands, expressions, goldens, stats, store, systems

CORPORA = {
    "lang": expressions.Lang,
    "lib": expressions.Lib,
    "modsets": expressions.Modsets,
    "git": expressions.Git,
    "instantiate": commands.Instantiate,
    "cli": commands.Cli,
    "colours": colours.Colours,
    "stats": stats.Stats,
    "store": store.Store,
    "goldens": goldens.Goldens,
    "base": base.Base,
    "systems": systems.Systems,
}

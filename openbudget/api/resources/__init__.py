"""The resources, one module each: what they hold, how they are filtered, how they are written."""

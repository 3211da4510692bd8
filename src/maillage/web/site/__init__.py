"""Pages of the settings of the site, of its texts, and of the first steps on an empty one."""

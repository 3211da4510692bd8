"""The settings of a site: name, languages, logo, colours, contact, sender of mails, and its legal texts."""

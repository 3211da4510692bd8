"""Pages of calls and applications: publish a call, write an application together, sign it and send it."""

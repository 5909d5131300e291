"""The analytic methods: rows in, a result with estimate, interval, method, n and warnings out. No screen, no database, no picture."""

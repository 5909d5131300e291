"""The analytic methods: rows in, a result with estimate, interval, method, n and warnings out."""

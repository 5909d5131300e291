"""Programs with the same four charts, each as its makers would write it."""

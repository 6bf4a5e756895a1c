// MergeMining

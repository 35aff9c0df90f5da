"""Watched: rules over the log, and what they find. Sigma in, detections out."""

"""The commands of `onrecord`, by what they are for. Each is a few lines over one plain function."""

"""The card and the dialogs in a real browser, with a real Home Assistant."""

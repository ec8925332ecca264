"""Whose phone it is, which django-allauth leaves to the site."""

"""The controls, a package a family, a module a control. ``registry`` lists the families."""

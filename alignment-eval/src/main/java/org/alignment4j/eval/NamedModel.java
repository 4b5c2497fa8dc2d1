package org.alignment4j.eval;

import org.alignment4j.api.model.Model;

/** A model and what reports call it. */
record NamedModel(String name, Model model) {}

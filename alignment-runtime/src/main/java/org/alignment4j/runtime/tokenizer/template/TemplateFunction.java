package org.alignment4j.runtime.tokenizer.template;

/** A value that a template can call. */
interface TemplateFunction {

  Object call(Run run, Arguments arguments);
}

package org.alignment4j.runtime.tokenizer.template;

/** A method of a built-in type, or a filter or test: a function of a value and arguments. */
interface TemplateMethod {

  Object call(Run run, Object receiver, Arguments arguments);
}

package org.alignment4j.runtime.tokenizer.template;

/** A named function, or a method bound to its object. */
record Method(String name, TemplateFunction body) implements TemplateFunction {

  @Override
  public Object call(Run run, Arguments arguments) {
    return body.call(run, arguments);
  }
}

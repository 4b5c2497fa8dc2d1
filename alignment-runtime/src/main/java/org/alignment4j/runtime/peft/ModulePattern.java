package org.alignment4j.runtime.peft;

/**
 * A setting of the modules that an expression is of.
 *
 * @param pattern PEFT's {@code (.*\.)?(key)$}
 * @param value the setting
 */
record ModulePattern(PythonPattern pattern, double value) {}

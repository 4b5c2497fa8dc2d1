package org.alignment4j.examples.conformance;

/**
 * What came of one case.
 *
 * @param kind the kind of case, such as {@code models}
 * @param group what it belongs to within its kind, such as a model or a file
 * @param name the case within its group
 * @param outcome how it ended
 * @param worst the worst numeric deviation, {@link Deviation#none()} where the case compares
 *     exactly
 * @param detail where the worst deviation is, the first failure, or why the case was skipped
 */
public record CaseResult(
    String kind, String group, String name, Outcome outcome, Deviation worst, String detail) {}

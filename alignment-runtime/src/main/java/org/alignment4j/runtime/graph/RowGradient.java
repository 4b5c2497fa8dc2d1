package org.alignment4j.runtime.graph;

/**
 * Part of a parameter's gradient that leaves the graph as rows, to be scattered by the caller: row
 * {@code i} of {@code rows} is added to row {@code ids[i]} of the gradient. Ids may repeat.
 *
 * @param parameter the table {@code [vocab, width]}
 * @param ids int64 of any shape
 * @param rows {@code [count of ids, width]}
 */
public record RowGradient(Value parameter, Value ids, Value rows) {}

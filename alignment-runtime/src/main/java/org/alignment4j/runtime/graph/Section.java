package org.alignment4j.runtime.graph;

/**
 * A part of a graph between two values.
 *
 * @param input the one value of earlier parts that it reads, besides inputs of the graph and what
 *     is computed from those alone
 * @param output what later parts read of it
 * @param firstEntry where its operations start on the tape
 * @param endEntry where they end
 * @param firstNode where its nodes start in the graph
 * @param endNode where they end
 */
record Section(
    Value input, Value output, int firstEntry, int endEntry, int firstNode, int endNode) {}

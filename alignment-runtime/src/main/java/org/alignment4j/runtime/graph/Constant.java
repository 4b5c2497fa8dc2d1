package org.alignment4j.runtime.graph;

/** A constant of a graph: little-endian bytes in row-major order. */
record Constant(String name, ElementType type, long[] dims, byte[] bytes) {}

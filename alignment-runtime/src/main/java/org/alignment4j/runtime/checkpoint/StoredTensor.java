package org.alignment4j.runtime.checkpoint;

/** A named parameter as it is kept in memory: float32, or quantised in blocks. */
public sealed interface StoredTensor permits WeightTensor, QuantisedTensor {

  /** Its name in the Hugging Face checkpoint. */
  String name();

  /** Its dimensions in the Hugging Face checkpoint, row major. */
  long[] shape();

  /** The same values under another name, shared. */
  StoredTensor renamed(String newName);
}

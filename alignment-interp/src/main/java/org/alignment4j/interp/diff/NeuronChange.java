package org.alignment4j.interp.diff;

import org.alignment4j.interp.neuron.Neuron;
import org.apiguardian.api.API;

/**
 * How the weights of one neuron changed: {@code ‖after − before‖/‖before‖}, 0 where nothing did,
 * infinite where zeros became something.
 *
 * @param neuron the neuron
 * @param in of its column of {@code W_in} and its bias
 * @param gate of its column of {@code W_gate} and its bias; NaN where MLPs have no gates
 * @param out of its row of {@code W_out}
 * @param whole of all of these side by side
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronChange(Neuron neuron, double in, double gate, double out, double whole) {}

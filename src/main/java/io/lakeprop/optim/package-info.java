/**
 * From a mean gradient to a step: small rules in a chain, the learning rate's schedule, and what
 * they remember.
 *
 * <p>May import: {@code base}, and {@code nn} for the layout of theta only.
 *
 * <p>Words: the <b>update</b> starts as the mean gradient of a round and each rule rewrites it in
 * place; what the last rule leaves is added to theta. Rules are records of numbers: they print,
 * compare and can be stored. They hold no state; a {@link io.lakeprop.optim.Memory} is handed in.
 */
package io.lakeprop.optim;

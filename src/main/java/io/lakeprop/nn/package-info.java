/**
 * The network: layers, losses, initialisation, and the flat vector of parameters they share.
 *
 * <p>May import: {@code base}; this is the only package that uses EJML or any other matrix kernel.
 *
 * <p>Words: <b>theta</b> is every parameter in one {@code float[]}; a <b>slot</b> is a named window
 * of it; a <b>piece</b> is the rows of one forward and backward pass. Shapes are written (rows,
 * columns), row-major, and start at index 0 of their buffer unless an offset is named.
 *
 * <p>The walk of a piece: {@link io.lakeprop.nn.TableInput} turns packed numbers and category ids
 * into x, each {@link io.lakeprop.nn.Layer} turns x into y, a {@link io.lakeprop.nn.Loss} turns
 * logits and labels into losses and the gradient of the logits, and the layers run backward, adding
 * to the gradient of theta.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A network is a chain with skip connections: a {@link io.lakeprop.nn.Skip} layer names the
 *       earlier output that it reads besides. Every acyclic network of sums and concatenations can
 *       be written so, the pass stays one loop, and only outputs that something skips from cost a
 *       buffer for their gradient.
 *   <li>Running moments of batch normalisation are slots of theta, and their sums travel in the
 *       place of their gradient ({@link io.lakeprop.nn.BatchNorm}). So rounds, trees, messages and
 *       files know nothing of them; only the trainer takes them out before the optimizer.
 *   <li>Layers are records of sizes and own no memory; a {@link io.lakeprop.nn.Workspace} owns
 *       every buffer and is reused for all pieces of a task thread.
 *   <li>Which buffers there are, and what shares one, is decided in {@link
 *       io.lakeprop.nn.WorkspacePlan} alone. The workspace allocates by it, and what is printed of
 *       memory and arithmetic is read from it. Layers do not know: forward takes its buffers as
 *       they come, with whatever numbers are left in them.
 *   <li>Recomputed activations ({@link io.lakeprop.nn.Recompute}) are a matter of the plan, too.
 *       The pass stays one loop, which runs a few layers again where the plan says that their
 *       numbers are gone. That repeats them to the bit, since draws are functions of their place;
 *       running moments are counted on the way back only, and so once. A border does not lie below
 *       an activation that overwrites its input, so a segment may be a layer longer than asked.
 *       Layers whose outputs are still there (borders, what a skip reads later) and that need no
 *       scratch are not run again: of 60 layers in ten segments 50 are, 1.28 times the arithmetic.
 *   <li>Gradients of skip connections take turns in one array where their lives do not overlap, so
 *       a chain of residual blocks needs one in all instead of one a block.
 *   <li>Arithmetic is that of matrix products. Passes over single numbers count as none: they wait
 *       for memory, and a count of their exponentials would say nothing of their time.
 *   <li>{@link io.lakeprop.nn.Numerics} has exp and tanh of its own: {@code Math.exp} may differ
 *       between processors, and the same job must give the same bits on any cluster.
 *   <li>Products go through {@link io.lakeprop.nn.Gemm}; {@link io.lakeprop.nn.Kernel} says whose
 *       they are. Parameters are windows of theta and are read where they lie. A kernel that cannot
 *       be opened (no native library for this machine, no module) is passed over with a reason, and
 *       training goes on with the next one.
 *   <li>A kernel's name carries a hash of fixed products: OpenBLAS picks its code by the processor,
 *       and its name or version alone would not tell whether two machines round alike.
 *   <li>{@code VectorGemm} and {@code VectorElements} are compiled on their own (see the build) and
 *       found by name ({@link io.lakeprop.nn.VectorApi}), because the JVM's vector module is still
 *       incubating and may be absent at run time.
 *   <li>Products come in kernels that round differently; the passes between them ({@link
 *       io.lakeprop.nn.Elements}) do not: vectors and plain loops do the same operations number by
 *       number, so nobody has to choose. Written as loops, relu's backward alone took a third of a
 *       product, since the compiler makes branches of it.
 *   <li>An activation overwrites its input where its derivative follows from its output ({@link
 *       io.lakeprop.nn.WorkspacePlan}): what is read again is then still near.
 *   <li>How weights start ({@link io.lakeprop.nn.InitialTheta}) is no part of a network or of its
 *       file: it is over when training begins. What a job asks for reaches every weight but the
 *       head's; before, one without an activation above, such as the last of a residual block, fell
 *       back to Glorot's unasked.
 *   <li>Rows in which a unit is flat are counted in the backward pass, where what is looked at is
 *       about to be read anyway, and which each row passes once, in training only.
 *   <li>{@link io.lakeprop.nn.TableInput} is not a {@code Layer}: what goes in is two arrays of
 *       different types, and no gradient leaves on the other side.
 *   <li>Class weights of an only label are no part of its {@link io.lakeprop.nn.Loss}: they
 *       multiply the row's weight on its way into the workspace, so that the mean is PyTorch's
 *       weighted one and every loss of classes has them. Among several labels a row has one class
 *       of each, so they belong to the head and multiply its loss.
 *   <li>Several labels are one loss of losses ({@link io.lakeprop.nn.Heads}), and multi-label
 *       classification is heads of binary cross-entropy. Heads have no names: those of the labels'
 *       encoders would be a second truth. Losses read contiguous rows of their own, so heads copy
 *       columns, strip by strip: the buffers of a call are a few kilobytes and no loss has to know
 *       of strides.
 *   <li>Exponentials of log links stay at the end of float32 instead of becoming infinite: the
 *       gradient keeps its sign and clipping can bring a row back.
 *   <li>An offset is added to the logits between network and loss: no layer knows of it.
 * </ul>
 */
package io.lakeprop.nn;

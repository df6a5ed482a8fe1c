package io.lakeprop.nn;

import io.lakeprop.base.Mix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The libraries that can multiply matrices. Each is opened at most once in a process, and one that
 * cannot be opened is passed over, never an error.
 */
public enum Kernel {
  /** OpenBLAS as the jar brings it: Linux and macOS, on x86-64 and arm64. */
  OPENBLAS {
    @Override
    Supplier<Gemm> open() throws ReflectiveOperationException, IOException {
      NativeBlas blas = NativeBlas.bundled();
      return () -> new BlasGemm(blas);
    }
  },

  /**
   * The BLAS that the system's linker finds. Only when asked for: often it is the slow reference.
   */
  SYSTEM {
    @Override
    Supplier<Gemm> open() throws ReflectiveOperationException, IOException {
      NativeBlas blas = NativeBlas.system();
      return () -> new BlasGemm(blas);
    }
  },

  /** The JVM's Vector API; the same bits on every processor. */
  VECTOR {
    @Override
    Supplier<Gemm> open() throws ReflectiveOperationException {
      if (!VectorApi.isThere()) {
        throw new ClassNotFoundException("needs java --add-modules jdk.incubator.vector");
      }
      return () -> VectorApi.load("VectorGemm");
    }
  },

  /** EJML's plain loops: always works. */
  EJML {
    @Override
    Supplier<Gemm> open() {
      return EjmlGemm::new;
    }
  };

  private static final List<Kernel> FASTEST_FIRST = List.of(OPENBLAS, VECTOR, EJML);
  private static final String CORE_VARIABLE = "OPENBLAS_CORETYPE";
  private static final System.Logger LOG = System.getLogger(Kernel.class.getName());
  private static final Map<Kernel, Opened> OPENED = new EnumMap<>(Kernel.class);
  private static final Set<Kernel> REPLACED = ConcurrentHashMap.newKeySet();

  /**
   * The way to a kernel, or why there is none.
   *
   * @param bits what a fixed product came out as, in eight hexadecimal digits
   */
  record Opened(Supplier<Gemm> gemm, String bits, String missing) {}

  /**
   * What a process computes with.
   *
   * @param name of the kernel, and in eight hexadecimal digits how it rounds: a native library has
   *     other code for other processors, and so has its next version
   * @param words the name, which processor's code the environment asks for, if it does, and why
   *     what was preferred is not used
   */
  public record Choice(Kernel kernel, String name, String words) {}

  /** OpenBLAS takes the processor's own code unless a variable names another, often slower one. */
  String asked(Map<String, String> environment) {
    String core = environment.getOrDefault(CORE_VARIABLE, "");
    return this == OPENBLAS && !core.isEmpty()
        ? " (code for %s, as %s asks)".formatted(core, CORE_VARIABLE)
        : "";
  }

  abstract Supplier<Gemm> open() throws ReflectiveOperationException, IOException;

  /**
   * The kernel that is wished for, or without a wish the fastest one; where it cannot be had, the
   * fastest of the others.
   */
  public static Choice choose(Optional<Kernel> wish) {
    List<Kernel> candidates = new ArrayList<>(wish.stream().toList());
    candidates.addAll(FASTEST_FIRST);
    StringBuilder passedOver = new StringBuilder();
    for (Kernel kernel : candidates) {
      Opened opened = kernel.opened();
      if (opened.gemm() != null) {
        String name = kernel.lowerCase() + " " + opened.bits();
        return new Choice(kernel, name, name + kernel.asked(System.getenv()) + passedOver);
      }
      passedOver.append("; no ").append(kernel.lowerCase()).append(": ").append(opened.missing());
    }
    throw new AssertionError("EJML is always there");
  }

  /**
   * The fastest kernel that rounds the product of a row in the same way wherever in a batch the row
   * stands, which OpenBLAS does not: its code for the last few rows and columns is another.
   */
  public static Kernel rowByRow() {
    return VECTOR.opened().gemm() != null ? VECTOR : EJML;
  }

  /**
   * Products for one thread. Where this process lacks the kernel that the driver chose, those of
   * the fastest that it has: training goes on, with other roundings.
   */
  public Gemm gemm() {
    Opened opened = opened();
    if (opened.gemm() != null) {
      return opened.gemm().get();
    }
    Choice other = choose(Optional.empty());
    if (REPLACED.add(this)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "no kernel %s here (%s): computing with %s, which rounds differently"
              .formatted(lowerCase(), opened.missing(), other.name()));
    }
    return other.kernel().gemm();
  }

  private Opened opened() {
    synchronized (OPENED) {
      return OPENED.computeIfAbsent(this, Kernel::undisturbed);
    }
  }

  /**
   * Opens a kernel on a thread that nobody interrupts. What comes of it stands as long as the
   * process does, and Spark interrupts the threads of tasks, with whose first product this may be:
   * a file that is being unpacked is then closed, and the process would go on without the library.
   */
  static Opened undisturbed(Kernel kernel) {
    CompletableFuture<Opened> opened = new CompletableFuture<>();
    Thread opener = new Thread(() -> opened.complete(tryToOpen(kernel)), "lakeprop-kernel");
    opener.setDaemon(true);
    opener.setUncaughtExceptionHandler((thread, failure) -> opened.completeExceptionally(failure));
    opener.start();
    return opened.join();
  }

  private static Opened tryToOpen(Kernel kernel) {
    try {
      Supplier<Gemm> gemm = kernel.open();
      return new Opened(gemm, bits(gemm.get()), "");
    } catch (ReflectiveOperationException | IOException | LinkageError | RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return new Opened(null, "", cause.toString().lines().findFirst().orElse(""));
    }
  }

  /** A hash of products whose sums are long enough for every order of adding to show. */
  private static String bits(Gemm gemm) {
    int rows = 37;
    int inputs = 301;
    int outputs = 41;
    float[] x = new float[rows * inputs];
    float[] w = new float[outputs * inputs];
    fill(x, 1);
    fill(w, 2);
    float[] y = new float[rows * outputs];
    gemm.forward(rows, inputs, outputs, x, w, 0, w, 0, y);
    float[] dx = new float[rows * inputs];
    gemm.inputGradient(rows, inputs, outputs, y, w, 0, dx);
    float[] dw = new float[outputs * inputs];
    gemm.weightGradient(rows, inputs, outputs, y, x, dw, 0);
    int hash =
        Arrays.hashCode(new int[] {Arrays.hashCode(y), Arrays.hashCode(dx), Arrays.hashCode(dw)});
    return "%08x".formatted(hash);
  }

  /** Numbers between -1 and 1. */
  private static void fill(float[] numbers, long seed) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (int) Mix.mix(seed, i) * 0x1.0p-31f;
    }
  }

  private String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }
}

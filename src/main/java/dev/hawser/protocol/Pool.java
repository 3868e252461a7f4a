package dev.hawser.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects that are expensive to make for the next use, up to a bound. It has one small stack for each processor. A thread
 * starts at the stack that belongs to its thread number, so that threads seldom meet, and skips a stack that another thread is
 * using. No call waits, and a call allocates only when it makes a new object. Any thread may call, virtual threads included.
 */
public final class Pool<T> {
	private static final VarHandle SIZE = MethodHandles.arrayElementVarHandle(int[].class);
	/** Stands in place of a stack's size while a thread is using the stack. */
	private static final int IN_USE = -1;
	/** Elements of the arrays between two stacks: processors must not share a cache line. */
	private static final int APART = 32;

	private final Supplier<T> maker;
	/** The size of each stack, {@link #APART} elements from the next. */
	private final int[] sizes;
	/** The objects in the stacks; after each stack come {@link #APART} elements that stay empty. */
	private final @Nullable Object[] items;
	private final int stacks;
	private final int depth;

	/**
	 * @param kept most objects that are kept
	 * @param maker makes a new object when the pool has none
	 */
	public Pool(int kept, Supplier<T> maker) {
		this(kept, maker, Runtime.getRuntime().availableProcessors());
	}

	Pool(int kept, Supplier<T> maker, int processors) {
		this.maker = maker;
		this.stacks = Integer.highestOneBit(Math.min(kept, 2 * processors - 1));
		this.depth = kept / stacks;
		this.sizes = new int[stacks * APART];
		this.items = new Object[stacks * (depth + APART)];
	}

	/** An object that was given back, or a new one. */
	public T take() {
		int first = (int) Thread.currentThread().threadId();
		for (int i = 0; i < stacks; i++) {
			T free = pop(first + i & stacks - 1);
			if (free != null) {
				return free;
			}
		}
		return maker.get();
	}

	/**
	 * Returns an object to the pool; the caller must not use it again if it is kept.
	 *
	 * @return whether the object is kept; false when the pool is full
	 */
	public boolean give(T used) {
		int first = (int) Thread.currentThread().threadId();
		for (int i = 0; i < stacks; i++) {
			if (push(first + i & stacks - 1, used)) {
				return true;
			}
		}
		return false;
	}

	@SuppressWarnings("unchecked") // only give() stores objects here
	private @Nullable T pop(int stack) {
		int size = sizes[stack * APART];
		if (size <= 0 || !SIZE.compareAndSet(sizes, stack * APART, size, IN_USE)) {
			return null;
		}
		int top = stack * (depth + APART) + size - 1;
		T free = (T) items[top];
		items[top] = null;
		SIZE.setRelease(sizes, stack * APART, size - 1);
		return free;
	}

	private boolean push(int stack, T used) {
		int size = sizes[stack * APART];
		if (size == IN_USE || size == depth || !SIZE.compareAndSet(sizes, stack * APART, size, IN_USE)) {
			return false;
		}
		items[stack * (depth + APART) + size] = used;
		SIZE.setRelease(sizes, stack * APART, size + 1);
		return true;
	}
}

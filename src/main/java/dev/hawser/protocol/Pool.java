package dev.hawser.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects that are expensive to make for the next use, up to a bound. It has one small stack for each processor. A thread
 * begins with the stack that its number says, so that threads seldom meet, and passes over a stack that another thread is using.
 * No call waits, and none allocates, unless it makes an object. Any thread may call, a virtual thread too.
 */
public final class Pool<T> {
	private static final VarHandle SIZE = MethodHandles.arrayElementVarHandle(int[].class);
	/** In place of the size of a stack: a thread is using it. */
	private static final int IN_USE = -1;
	/** Elements of the arrays between two stacks: processors must not share a line of their caches. */
	private static final int APART = 32;

	private final Supplier<T> maker;
	/** Of each stack, {@link #APART} elements from the next. */
	private final int[] sizes;
	/** What the stacks hold, each with {@link #APART} elements behind it that stay empty. */
	private final @Nullable Object[] items;
	private final int stacks;
	private final int depth;

	/**
	 * @param kept  objects that are kept at the most
	 * @param maker makes one when none is there
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
	 * Gives an object back; the caller must not touch it again if it is kept.
	 *
	 * @return whether it is kept: not when there are enough
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

	@SuppressWarnings("unchecked") // only give puts something here
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

package bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Answers a message with itself, or sends it to all if it begins with BCAST: and closes a client that does not read. */
final class EchoHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
	private static final byte[] PREFIX = "BCAST:".getBytes(StandardCharsets.US_ASCII);

	private final Set<Channel> channels;

	EchoHandler(Set<Channel> channels) {
		this.channels = channels;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		channels.add(ctx.channel());
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		channels.remove(ctx.channel());
	}

	@Override
	protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
		if (frame instanceof TextWebSocketFrame && isBroadcast(frame.content())) {
			for (Channel channel : channels) {
				channel.writeAndFlush(frame.retainedDuplicate());
			}
		}
		else {
			ctx.write(frame.retain());
		}
	}

	private static boolean isBroadcast(ByteBuf content) {
		if (content.readableBytes() < PREFIX.length) {
			return false;
		}
		for (int i = 0; i < PREFIX.length; i++) {
			if (content.getByte(content.readerIndex() + i) != PREFIX[i]) {
				return false;
			}
		}
		return true;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ctx.flush();
	}

	/** More waits for the client than the water mark allows. */
	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		if (!ctx.channel().isWritable()) {
			ctx.close();
		}
	}
}

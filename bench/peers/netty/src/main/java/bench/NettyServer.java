package bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The same echo and broadcast on Netty, written as its documentation recommends; replies are flushed once per read. */
public final class NettyServer {
	private static final int LIMIT = 16 * 1024 * 1024;

	private NettyServer() {
	}

	/** Argument: the port. */
	public static void main(String[] args) throws InterruptedException {
		EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
		Set<Channel> channels = ConcurrentHashMap.newKeySet();
		new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class).option(ChannelOption.SO_BACKLOG, 1024)
				.childHandler(new ChannelInitializer<SocketChannel>() {
					@Override
					protected void initChannel(SocketChannel ch) {
						ch.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(64 * 1024),
								new WebSocketServerProtocolHandler("/ws", null, true, LIMIT, false, true),
								new WebSocketFrameAggregator(LIMIT), new Handler(channels));
					}
				}).bind("127.0.0.1", Integer.parseInt(args[0])).sync().channel().closeFuture().sync();
	}

	private static final class Handler extends SimpleChannelInboundHandler<WebSocketFrame> {
		private static final byte[] PREFIX = "BCAST:".getBytes(StandardCharsets.US_ASCII);

		private final Set<Channel> channels;

		Handler(Set<Channel> channels) {
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
	}
}

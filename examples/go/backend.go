package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		user, _ := url.PathUnescape(r.Header.Get("ce-userId"))
		switch r.Header.Get("ce-eventName") {
		case "connect":
			var client struct{ Query url.Values }
			if err := json.NewDecoder(r.Body).Decode(&client); err != nil || client.Query.Get("name") == "" {
				http.Error(w, "Say your name: ?name=ann", http.StatusUnauthorized)
				return
			}
			json.NewEncoder(w).Encode(map[string]string{"userId": client.Query.Get("name")})
		case "connected":
			log.Println(user, "is here")
		case "message":
			text, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprintf(w, "%s: %s", user, text)
		case "disconnected":
			log.Println(user, "has left")
		default: // the page, and the handler check
			w.Header().Set("WebHook-Allowed-Origin", "*")
			http.ServeFile(w, r, "../chat.html")
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+append(os.Args, "8080")[1], nil))
}

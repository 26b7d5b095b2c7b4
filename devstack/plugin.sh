# SPDX-License-Identifier: Apache-2.0
# Called by devstack with a mode and, in the mode "stack", a phase. No process
# of its own runs: heat-engine loads the resource types when it starts.

# heat_zaqar_install: for the Python that runs heat-engine
function heat_zaqar_install {
    setup_develop "$HEAT_ZAQAR_DIR"
}

# heat_zaqar_iniset_missing FILE SECTION OPTION VALUE: unless it is set there
function heat_zaqar_iniset_missing {
    ini_has_option "$1" "$2" "$3" || iniset "$1" "$2" "$3" "$4"
}

# heat_zaqar_configure_heat: the folder that heat-engine loads the types from
function heat_zaqar_configure_heat {
    if [[ ! -f "$HEAT_CONF" ]]; then
        die $LINENO "There is no heat.conf yet. Put enable_plugin" \
            "heat-zaqar-plugins after enable_plugin heat in local.conf."
    fi
    local folder=$HEAT_ZAQAR_DIR/heat_plugins/plugin_dir
    local others
    others=$(iniget "$HEAT_CONF" DEFAULT plugin_dirs)
    iniset "$HEAT_CONF" DEFAULT plugin_dirs "${others:+$others,}$folder"
}

# heat_zaqar_configure_zaqar: what mailboxes and subscribers need
function heat_zaqar_configure_zaqar {
    heat_zaqar_iniset_missing "$ZAQAR_CONF" signed_url secret_key \
        "$(generate_hex_string 32)"
    heat_zaqar_iniset_missing "$ZAQAR_CONF" storage message_pipeline \
        zaqar.notification.notifier
}

if [[ "$1" == "stack" && "$2" == "install" ]]; then
    if is_service_enabled h-eng; then
        echo_summary "Installing the Zaqar resource types of Heat"
        heat_zaqar_install
    fi
elif [[ "$1" == "stack" && "$2" == "post-config" ]]; then
    if is_service_enabled h-eng; then
        echo_summary "Configuring Heat for the Zaqar resource types"
        heat_zaqar_configure_heat
    fi
    if is_service_enabled zaqar-wsgi; then
        echo_summary "Configuring Zaqar for the Zaqar resource types"
        heat_zaqar_configure_zaqar
    fi
fi

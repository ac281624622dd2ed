---@meta
-- The words of a recipe for the Lua language server, made by `make reference`; do not edit it.
-- In .luarc.json: { "workspace.library": ["path/to/lunami/docs/luals"] }

---@class lunami.image
---@field architecture? string
---@field block_device_mappings? table
---@field boot_mode? string
---@field creation_date? string
---@field deprecation_time? string
---@field deregistration_protection? string
---@field description? string
---@field ena_support? boolean
---@field free_tier_eligible? boolean
---@field hypervisor? string
---@field image_allowed? boolean
---@field image_id? string
---@field image_location? string
---@field image_owner_alias? string
---@field image_type? string
---@field imds_support? string
---@field kernel_id? string
---@field last_launched_time? string
---@field name? string
---@field owner_id? string
---@field platform? string
---@field platform_details? string
---@field product_codes? table
---@field public? boolean
---@field ramdisk_id? string
---@field root_device_name? string
---@field root_device_type? string
---@field source_image_id? string
---@field source_image_region? string
---@field source_instance_id? string
---@field sriov_net_support? string
---@field state? string
---@field state_reason? table
---@field tags? table
---@field tpm_support? string
---@field usage_operation? string
---@field virtualization_type? string
---@field encrypted any whether every snapshot is
---@field region any where it is
---@field snapshots any list of { device, snapshot, size, encrypted, key, state, progress, status_message } of its devices
---@field id string
local lunami_image = {}

---@class lunami.find_image
---@field architecture? string x86_64, arm64 …
---@field deprecated? boolean other accounts' deprecated ones, too
---@field filters? table EC2's own filters: { ["name"] = "value" or a list }
---@field id? string image id
---@field name? string its name; * and ? match
---@field newest? boolean the newest of several
---@field owner? string self (default), amazon, aws-marketplace or an account id
---@field region? string look there
---@field state? string available, pending, failed or disabled
---@field tags? table tags that it must have: { name = "value" }

---@class lunami.image_word
---@overload fun(which: string|lunami.find_image): lunami.image
image = {}

---@param which? lunami.find_image
---@return lunami.image[]
function images(which) end

---@class lunami.image_from_disk_options
---@field architecture? string i386, x86_64 or arm64
---@field billing_products? table billing product codes
---@field boot_mode? string legacy-bios, uefi or uefi-preferred
---@field description? string a line for people
---@field device? string device of the root volume
---@field ena_support? boolean enhanced networking (ENA)
---@field file string the root device's disk image
---@field files? table those of more devices: { ["/dev/sdf"] = "data.raw" }
---@field imds_support? string v2.0
---@field kernel_id? string kernel of a paravirtual image
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field name string name of the new resource
---@field parallel? number blocks under way side by side, 1 to 32; 16 when not given
---@field ramdisk_id? string RAM disk of a paravirtual image
---@field region? string where; this session's region when not given
---@field root_device_name? string device of the root volume
---@field size? number GiB of the root volume; as the file needs when not given
---@field sriov_net_support? string simple
---@field tags? table tags of what is made: { name = "value" }
---@field tpm_support? string v2.0
---@field uefi_data? string UEFI variables, base64
---@field virtualization_type? string hvm or paravirtual

---make an image of a raw disk image: upload it, then register it
---@param options? lunami.image_from_disk_options
---@return lunami.image
function image.from_disk(options) end

---@class lunami.image_register_options
---@field architecture? string i386, x86_64 or arm64
---@field billing_products? table billing product codes
---@field block_device_mappings? table devices and what is behind them
---@field boot_mode? string legacy-bios, uefi or uefi-preferred
---@field description? string a line for people
---@field device? string device of the root volume
---@field ena_support? boolean enhanced networking (ENA)
---@field image_location? string name of the image
---@field imds_support? string v2.0
---@field kernel_id? string kernel of a paravirtual image
---@field name string name of the new resource
---@field ramdisk_id? string RAM disk of a paravirtual image
---@field region? string where; this session's region when not given
---@field root_device_name? string device of the root volume
---@field snapshot? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot the root snapshot, or its id
---@field snapshots? table a snapshot for each device: { ["/dev/xvda"] = snapshot }
---@field sriov_net_support? string simple
---@field tags? table tags of what is made: { name = "value" }
---@field tpm_support? string v2.0
---@field uefi_data? string UEFI variables, base64
---@field virtualization_type? string hvm or paravirtual

---make an image of snapshots
---@param options? lunami.image_register_options
---@return lunami.image
function image.register(options) end

---@class lunami.image_copy_options
---@field copy_image_tags? boolean take over your own tags of the source
---@field description? string a line for people
---@field destination_availability_zone? string local zone for the copy
---@field destination_availability_zone_id? string id of the local zone for the copy
---@field destination_outpost_arn? string Outpost for the copy
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field keys? table a key for each device: { ["/dev/xvda"] = "alias/one" }; others take `key`
---@field name string name of the new resource
---@field region? string where; this session's region when not given
---@field snapshot_copy_completion_duration_minutes? number time-based copy: 15 to 2880, in steps of 15
---@field tags? table tags of what is made: { name = "value" }

---copy it, here or into another region: keeping each snapshot's encryption, encrypted under one key, or with a key for each device
---@param options? lunami.image_copy_options
---@return lunami.image
function lunami_image:copy(options) end

---mark it as outdated from a date on; others no longer find it
---@param what? any a date, "90d", or false to undo
---@return lunami.image
function lunami_image:deprecate(what) end

---@class lunami.image_deregister_options
---@field snapshots? boolean its snapshots, too, except those that another image uses

---remove it; instances of it run on
---@param options? lunami.image_deregister_options
function lunami_image:deregister(options) end

---nobody can launch or copy it, and its launch permissions are gone; enable undoes the first
---@return lunami.image
function lunami_image:disable() end

---allow its use again
---@return lunami.image
function lunami_image:enable() end

---@class lunami.image_export_disk_options
---@field dir string the folder, which must be there
---@field parallel? number blocks under way side by side, 1 to 32; 16 when not given

---fetch the disk of each of its devices into a file
---@param options? lunami.image_export_disk_options
---@return any
function lunami_image:export_disk(options) end

---@class lunami.image_launch_options
---@field block_device_mappings? table devices and what is behind them
---@field credit_specification? table CPU credits of t types
---@field disable_api_stop? boolean refuse StopInstances until this is off
---@field disable_api_termination? boolean refuse TerminateInstances until this is off
---@field ebs_optimized? boolean own bandwidth for EBS
---@field iam_instance_profile? table instance profile: the role of the instance
---@field instance_initiated_shutdown_behavior? string stop or terminate
---@field instance_type? string t3.micro …
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field key_name? string SSH key pair
---@field keys? table a KMS key for each device
---@field launch_template? table launch template to begin from
---@field metadata_options? table the instance metadata service
---@field monitoring? table detailed monitoring
---@field network_interfaces? table network interfaces
---@field placement? table where the instance runs
---@field private_ip_address? string address within the subnet
---@field security_group_ids? table security groups
---@field security_groups? table names of security groups
---@field subnet_id? string subnet
---@field tags? table tags of what is made: { name = "value" }
---@field type? string t3.micro …
---@field user_data? string text for the instance at its first start, base64
---@field zone? string availability zone

---start an instance of it
---@param options? lunami.image_launch_options
---@return lunami.instance
function lunami_image:launch(options) end

---@class lunami.image_protect_options
---@field with_cooldown? boolean stays protected for 24 hours after protection is taken away

---refuse its deregistration until that is undone
---@param what? any false to undo
---@param options? lunami.image_protect_options
---@return lunami.image
function lunami_image:protect(what, options) end

---read it again
---@return lunami.image
function lunami_image:refresh() end

---@class lunami.image_share_options
---@field accounts? table account ids
---@field grant? boolean false: do not let them use the customer keys (default: a grant on each)
---@field organizations? table ARNs of organizations (to launch; their snapshots cannot be shared so)
---@field public? boolean with everybody: unencrypted ones only
---@field snapshots? boolean false: to launch only, not to copy (default: its snapshots, too)
---@field units? table ARNs of organizational units

---let other accounts launch and copy it: launch permission, its snapshots, and a grant on each customer key
---@param what? any an account id
---@param options? lunami.image_share_options
---@return lunami.image
function lunami_image:share(what, options) end

---what its snapshots hold, and what of that no other snapshot of their volumes does
---@return any
function lunami_image:storage() end

---write tags; a name in use gets the new value
---@param what? any { name = "value" }
---@return lunami.image
function lunami_image:tag(what) end

---@class lunami.image_unshare_options
---@field accounts? table account ids
---@field grant? boolean false: do not let them use the customer keys (default: a grant on each)
---@field organizations? table ARNs of organizations (to launch; their snapshots cannot be shared so)
---@field public? boolean with everybody: unencrypted ones only
---@field snapshots? boolean false: to launch only, not to copy (default: its snapshots, too)
---@field units? table ARNs of organizational units

---take all that back
---@param what? any an account id
---@param options? lunami.image_unshare_options
---@return lunami.image
function lunami_image:unshare(what, options) end

---take tags away
---@param what? any a name, a list of names, or { name = "value" }
---@return lunami.image
function lunami_image:untag(what) end

---@class lunami.image_wait_options
---@field state? string another state to wait for
---@field timeout? number seconds; 24 hours when not given

---wait until it is ready, then read it again and compare it with what was asked
---@param options? lunami.image_wait_options
---@return lunami.image
function lunami_image:wait(options) end

---@class lunami.snapshot
---@field availability_zone? string
---@field completion_duration_minutes? integer
---@field completion_time? string
---@field data_encryption_key_id? string
---@field description? string
---@field encrypted? boolean
---@field full_snapshot_size_in_bytes? integer
---@field kms_key_id? string
---@field outpost_arn? string
---@field owner_alias? string
---@field owner_id? string
---@field progress? string
---@field restore_expiry_time? string
---@field snapshot_id? string
---@field sse_type? string
---@field start_time? string
---@field state? string
---@field state_message? string
---@field storage_tier? string
---@field tags? table
---@field transfer_type? string
---@field volume_id? string
---@field volume_size? integer
---@field key any ARN of its KMS key
---@field region any where it is
---@field size any GiB
---@field status_message any what AWS says of its failure
---@field id string
local lunami_snapshot = {}

---@class lunami.find_snapshot
---@field filters? table EC2's own filters: { ["name"] = "value" or a list }
---@field id? string snapshot id
---@field newest? boolean the newest of several
---@field owner? string self (default), amazon or an account id
---@field region? string look there
---@field state? string pending, completed or error
---@field tags? table tags that it must have: { name = "value" }
---@field volume? string id of the volume that it was taken of

---@class lunami.snapshot_word
---@overload fun(which: string|lunami.find_snapshot): lunami.snapshot
snapshot = {}

---@param which? lunami.find_snapshot
---@return lunami.snapshot[]
function snapshots(which) end

---@class lunami.snapshot_create_options
---@field description? string a line for people
---@field location? string regional or local
---@field outpost_arn? string Outpost to keep it on
---@field region? string where; this session's region when not given
---@field tags? table tags of what is made: { name = "value" }
---@field volume string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot the volume, or its id

---take a snapshot of a volume
---@param options? lunami.snapshot_create_options
---@return lunami.snapshot
function snapshot.create(options) end

---@class lunami.snapshot_upload_options
---@field description? string a line about the snapshot
---@field file string the disk image: a file, or a block device
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field parallel? number blocks under way side by side, 1 to 32; 16 when not given
---@field parent? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot an earlier snapshot: only blocks that differ from it are sent
---@field region? string where; this session's region when not given
---@field size? number GiB of its volumes; as the file needs when not given
---@field tags? table tags of what is made: { name = "value" }

---make a snapshot of a raw disk image: holes and zeros are not sent, and one that was cut off goes on where it stopped
---@param options? lunami.snapshot_upload_options
---@return lunami.snapshot
function snapshot.upload(options) end

---@class lunami.snapshot_copy_options
---@field completion_duration_minutes? number time-based copy: 15 to 2880, in steps of 15
---@field description? string a line for people
---@field destination_availability_zone? string local zone for the copy
---@field destination_outpost_arn? string Outpost for the copy
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field region? string where; this session's region when not given
---@field tags? table tags of what is made: { name = "value" }

---copy it, here or into another region; encrypted with the key that is named
---@param options? lunami.snapshot_copy_options
---@return lunami.snapshot
function lunami_snapshot:copy(options) end

---delete it; refused by AWS while an image uses it
function lunami_snapshot:delete() end

---what differs from an earlier snapshot of the same disk
---@param what? any the other snapshot, or its id
---@return any
function lunami_snapshot:diff(what) end

---@class lunami.snapshot_download_options
---@field file string the file to make; it is there when all of it is
---@field parallel? number blocks under way side by side, 1 to 32; 16 when not given

---fetch it into a file: a sparse raw disk image, verified; one that was cut off goes on where it stopped
---@param options? lunami.snapshot_download_options
---@return any
function lunami_snapshot:download(options) end

---read it again
---@return lunami.snapshot
function lunami_snapshot:refresh() end

---@class lunami.snapshot_share_options
---@field accounts? table account ids
---@field grant? boolean false: do not let them use the customer keys (default: a grant on each)
---@field public? boolean with everybody: unencrypted ones only

---let other accounts make volumes and copies of it, and use its customer key
---@param what? any an account id
---@param options? lunami.snapshot_share_options
---@return lunami.snapshot
function lunami_snapshot:share(what, options) end

---what it holds, and what of that no other snapshot of its volume does
---@return any
function lunami_snapshot:storage() end

---write tags; a name in use gets the new value
---@param what? any { name = "value" }
---@return lunami.snapshot
function lunami_snapshot:tag(what) end

---@class lunami.snapshot_unshare_options
---@field accounts? table account ids
---@field grant? boolean false: do not let them use the customer keys (default: a grant on each)
---@field public? boolean with everybody: unencrypted ones only

---take that back
---@param what? any an account id
---@param options? lunami.snapshot_unshare_options
---@return lunami.snapshot
function lunami_snapshot:unshare(what, options) end

---take tags away
---@param what? any a name, a list of names, or { name = "value" }
---@return lunami.snapshot
function lunami_snapshot:untag(what) end

---@class lunami.snapshot_volume_options
---@field availability_zone? string zone of the volume
---@field availability_zone_id? string the zone by its id, the same in all accounts
---@field iops? number provisioned operations a second
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field multi_attach_enabled? boolean let several instances attach it
---@field outpost_arn? string Outpost to keep it on
---@field size? number GiB
---@field tags? table tags of what is made: { name = "value" }
---@field throughput? number MiB a second
---@field type? string gp2, gp3, io1, io2, st1, sc1 or standard
---@field volume_initialization_rate? number MiB a second to fill the volume from its snapshot
---@field volume_type? string gp2, gp3, io1, io2, st1, sc1 or standard
---@field zone? string zone of the volume

---make a volume of it
---@param options? lunami.snapshot_volume_options
---@return lunami.volume
function lunami_snapshot:volume(options) end

---@class lunami.snapshot_wait_options
---@field state? string another state to wait for
---@field timeout? number seconds; 24 hours when not given

---wait until it is ready, then read it again and compare it with what was asked
---@param options? lunami.snapshot_wait_options
---@return lunami.snapshot
function lunami_snapshot:wait(options) end

---@class lunami.volume
---@field attachments? table
---@field availability_zone? string
---@field availability_zone_id? string
---@field create_time? string
---@field encrypted? boolean
---@field fast_restored? boolean
---@field iops? integer
---@field kms_key_id? string
---@field multi_attach_enabled? boolean
---@field outpost_arn? string
---@field size? integer
---@field snapshot_id? string
---@field source_volume_id? string
---@field sse_type? string
---@field state? string
---@field tags? table
---@field throughput? integer
---@field volume_id? string
---@field volume_initialization_rate? integer
---@field volume_type? string
---@field device any device name that it is attached as
---@field instance any id of the instance that it is attached to
---@field key any ARN of its KMS key
---@field region any where it is
---@field type any gp3, io2 …
---@field zone any availability zone
---@field id string
local lunami_volume = {}

---@class lunami.find_volume
---@field filters? table EC2's own filters: { ["name"] = "value" or a list }
---@field id? string volume id
---@field instance? string id of the instance that it is attached to
---@field newest? boolean the newest of several
---@field region? string look there
---@field snapshot? string id of the snapshot that it was made of
---@field state? string creating, available, in-use or error
---@field tags? table tags that it must have: { name = "value" }
---@field zone? string availability zone

---@class lunami.volume_word
---@overload fun(which: string|lunami.find_volume): lunami.volume
volume = {}

---@param which? lunami.find_volume
---@return lunami.volume[]
function volumes(which) end

---@class lunami.volume_create_options
---@field availability_zone? string zone of the volume
---@field availability_zone_id? string the zone by its id, the same in all accounts
---@field iops? number provisioned operations a second
---@field key? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot KMS key: alias, id, ARN, a key object or "default"; naming one encrypts
---@field multi_attach_enabled? boolean let several instances attach it
---@field outpost_arn? string Outpost to keep it on
---@field region? string where; this session's region when not given
---@field size? number GiB
---@field snapshot? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot a snapshot, or its id
---@field tags? table tags of what is made: { name = "value" }
---@field throughput? number MiB a second
---@field type? string gp2, gp3, io1, io2, st1, sc1 or standard
---@field volume_initialization_rate? number MiB a second to fill the volume from its snapshot
---@field volume_type? string gp2, gp3, io1, io2, st1, sc1 or standard
---@field zone? string zone of the volume

---make a volume, empty or of a snapshot
---@param options? lunami.volume_create_options
---@return lunami.volume
function volume.create(options) end

---@class lunami.volume_attach_options
---@field device string device name
---@field ebs_card_index? number EBS card to attach to
---@field instance string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot the instance, or its id

---attach it to an instance
---@param options? lunami.volume_attach_options
---@return lunami.volume
function lunami_volume:attach(options) end

---delete it
function lunami_volume:delete() end

---@class lunami.volume_detach_options
---@field device? string device name
---@field force? boolean even if it is in use
---@field instance_id? string instance

---take it from its instance
---@param options? lunami.volume_detach_options
---@return lunami.volume
function lunami_volume:detach(options) end

---read it again
---@return lunami.volume
function lunami_volume:refresh() end

---@class lunami.volume_snapshot_options
---@field description? string a line for people
---@field location? string regional or local
---@field outpost_arn? string Outpost to keep it on
---@field tags? table tags of what is made: { name = "value" }

---take a snapshot of it
---@param options? lunami.volume_snapshot_options
---@return lunami.snapshot
function lunami_volume:snapshot(options) end

---write tags; a name in use gets the new value
---@param what? any { name = "value" }
---@return lunami.volume
function lunami_volume:tag(what) end

---take tags away
---@param what? any a name, a list of names, or { name = "value" }
---@return lunami.volume
function lunami_volume:untag(what) end

---@class lunami.volume_wait_options
---@field state? string another state to wait for
---@field timeout? number seconds; 24 hours when not given

---wait until it is ready, then read it again and compare it with what was asked
---@param options? lunami.volume_wait_options
---@return lunami.volume
function lunami_volume:wait(options) end

---@class lunami.instance
---@field ami_launch_index? integer
---@field architecture? string
---@field block_device_mappings? table
---@field boot_mode? string
---@field client_token? string
---@field ebs_optimized? boolean
---@field ena_support? boolean
---@field hypervisor? string
---@field iam_instance_profile? table
---@field image_id? string
---@field instance_id? string
---@field instance_type? string
---@field key_name? string
---@field launch_time? string
---@field metadata_options? table
---@field monitoring? table
---@field network_interfaces? table
---@field placement? table
---@field platform? string
---@field platform_details? string
---@field private_dns_name? string
---@field private_ip_address? string
---@field public_dns_name? string
---@field public_ip_address? string
---@field root_device_name? string
---@field root_device_type? string
---@field security_groups? table
---@field source_dest_check? boolean
---@field state? table
---@field state_reason? table
---@field state_transition_reason? string
---@field subnet_id? string
---@field tags? table
---@field usage_operation? string
---@field virtualization_type? string
---@field vpc_id? string
---@field region any where it is
---@field type any t3.micro …
---@field volumes any list of { device, volume, status, delete_on_termination }
---@field zone any availability zone
---@field id string
local lunami_instance = {}

---@class lunami.find_instance
---@field filters? table EC2's own filters: { ["name"] = "value" or a list }
---@field id? string instance id
---@field image? string id of its image
---@field newest? boolean the newest of several
---@field region? string look there
---@field state? string pending, running, stopping, stopped, shutting-down or terminated
---@field tags? table tags that it must have: { name = "value" }
---@field type? string t3.micro …
---@field zone? string availability zone

---@class lunami.instance_word
---@overload fun(which: string|lunami.find_instance): lunami.instance
instance = {}

---@param which? lunami.find_instance
---@return lunami.instance[]
function instances(which) end

---@class lunami.instance_attach_options
---@field device? string device name, /dev/sdf
---@field volume? string|lunami.key|lunami.volume|lunami.instance|lunami.snapshot the volume, or its id

---attach a volume; it is waited for
---@param what? any device name, /dev/sdf
---@param options? lunami.instance_attach_options
---@return lunami.instance
function lunami_instance:attach(what, options) end

---@class lunami.instance_create_image_options
---@field block_device_mappings? table devices and what is behind them
---@field description? string a line for people
---@field name string name of the new resource
---@field no_reboot? boolean do not stop the instance for consistent file systems
---@field snapshot_location? string regional or local
---@field tags? table tags of what is made: { name = "value" }

---make an image of it: each snapshot under its volume's own key
---@param options? lunami.instance_create_image_options
---@return lunami.image
function lunami_instance:create_image(options) end

---detach the volume of a device
---@param what? any device name, /dev/sdf
---@return lunami.volume
function lunami_instance:detach(what) end

---read it again
---@return lunami.instance
function lunami_instance:refresh() end

---@class lunami.instance_start_options
---@field additional_info? string reserved

---start it again
---@param options? lunami.instance_start_options
---@return lunami.instance
function lunami_instance:start(options) end

---@class lunami.instance_stop_options
---@field force? boolean even if it does not answer
---@field hibernate? boolean keep the memory
---@field skip_os_shutdown? boolean do not shut the system down first

---stop it; :wait() waits until it has stopped
---@param options? lunami.instance_stop_options
---@return lunami.instance
function lunami_instance:stop(options) end

---write tags; a name in use gets the new value
---@param what? any { name = "value" }
---@return lunami.instance
function lunami_instance:tag(what) end

---@class lunami.instance_terminate_options
---@field force? boolean without a clean shutdown
---@field skip_os_shutdown? boolean do not wait for the operating system

---end it; volumes that are marked so (delete_on_termination) go with it
---@param options? lunami.instance_terminate_options
---@return lunami.instance
function lunami_instance:terminate(options) end

---take tags away
---@param what? any a name, a list of names, or { name = "value" }
---@return lunami.instance
function lunami_instance:untag(what) end

---@class lunami.instance_wait_options
---@field state? string another state to wait for
---@field timeout? number seconds; 24 hours when not given

---wait until it is ready, then read it again and compare it with what was asked
---@param options? lunami.instance_wait_options
---@return lunami.instance
function lunami_instance:wait(options) end

---@class lunami.key
---@field arn? string
---@field aws_account_id? string
---@field cloud_hsm_cluster_id? string
---@field creation_date? string
---@field current_key_material_id? string
---@field custom_key_store_id? string
---@field customer_master_key_spec? string
---@field deletion_date? string
---@field description? string
---@field enabled? boolean
---@field encryption_algorithms? table
---@field expiration_model? string
---@field key_agreement_algorithms? table
---@field key_id? string
---@field key_manager? string
---@field key_spec? string
---@field key_state? string
---@field key_usage? string
---@field mac_algorithms? table
---@field multi_region? boolean
---@field multi_region_configuration? table
---@field origin? string
---@field pending_deletion_window_in_days? integer
---@field signing_algorithms? table
---@field valid_to? string
---@field xks_key_configuration? table
---@field alias any the alias that it was found by, or one that it has
---@field region any where it is
---@field id string
local lunami_key = {}

---@class lunami.find_key
---@field id? string key id, ARN, alias or alias ARN
---@field region? string look there

---@class lunami.key_word
---@overload fun(which: string|lunami.find_key): lunami.key
key = {}

---@param which? lunami.find_key
---@return lunami.key[]
function keys(which) end

---@class lunami.key_create_options
---@field alias? string alias/… for the new key
---@field bypass_policy_lockout_safety_check? boolean allow a policy that locks you out
---@field custom_key_store_id? string custom key store to keep the key in
---@field description? string a line for people
---@field key_spec? string SYMMETRIC_DEFAULT or another kind
---@field key_usage? string ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or KEY_AGREEMENT
---@field multi_region? boolean make a multi-Region primary key
---@field origin? string AWS_KMS, EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE
---@field policy? string key policy, JSON
---@field region? string where; this session's region when not given
---@field tags? table tags of what is made: { name = "value" }
---@field xks_key_id? string key in the external key store

---make a key, and an alias for it
---@param options? lunami.key_create_options
---@return lunami.key
function key.create(options) end

---keep it after all; it is disabled then
---@return lunami.key
function lunami_key:cancel_deletion() end

---forbid its use; what is attached to a running instance stays readable there
---@return lunami.key
function lunami_key:disable() end

---allow its use again
---@return lunami.key
function lunami_key:enable() end

---@class lunami.key_grants_options
---@field grant_id? string grant
---@field grantee_principal? string ARN of who may use the key

---who else may use it, by grants
---@param options? lunami.key_grants_options
---@return any
function lunami_key:grants(options) end

---its policy, JSON; with a text, replaces it
---@param what? any a policy document, JSON
---@return any
function lunami_key:policy(what) end

---read it again
---@return lunami.key
function lunami_key:refresh() end

---@class lunami.key_schedule_deletion_options
---@field pending_window_in_days? number 7 to 30

---delete it for ever after a waiting time; what it encrypts is then lost
---@param options? lunami.key_schedule_deletion_options
---@return lunami.key
function lunami_key:schedule_deletion(options) end

---write tags; a name in use gets the new value
---@param what? any { name = "value" }
---@return lunami.key
function lunami_key:tag(what) end

---its tags
---@return any
function lunami_key:tags() end

---take tags away
---@param what? any a name, or a list of names
---@return lunami.key
function lunami_key:untag(what) end

---what is proved, predicted or unknown about using it for EBS, and why
---@return any
function lunami_key:usable() end

---@class lunami.session_options
---@field access_key_id? string explicit credentials (become Lua strings: prefer a profile)
---@field connect_timeout? number seconds to reach a server; else AWS_DEFAULTS_MODE, else 10
---@field duration? number seconds that the role's credentials last, 900 to 43200
---@field endpoint_url? string for every service; else as the command line says
---@field external_id? string as agreed with the role's owner
---@field profile? string a profile of the shared files
---@field region? string us-east-1, us-gov-west-1 …
---@field request_timeout? number seconds for one request from its beginning to its end; else 60
---@field role? string ARN of a role to assume
---@field secret_access_key? string with access_key_id
---@field session_name? string what the role's session is called in logs (lunami)
---@field session_token? string of temporary credentials

---the same nouns for another profile, role, account or region
---@param options? lunami.session_options
---@return any
function session(options) end

---@class lunami.account_options
---@field region? string where; this session's region when not given

---the account and its EBS settings in a region: id, region, encryption_by_default, default_key
---@param options? lunami.account_options
---@return any
function account(options) end

---run fn(item, index) for every item side by side; the results in the list's order
function each(list, fn, options) end

---run functions side by side; the results by the same names
function all(functions, options) end

---fn's result, or nil and the error object
function try(fn, ...) end

---mark what this recipe made as temporary: it is removed when the recipe ends, however it ends; the thing
function scratch(thing) end

---wait; other tasks go on
function sleep(seconds) end

---any action that lunami knows: "ec2", "kms" or "sts", the action's name, its members in snake_case
function call(service, action, input) end

---the head of a recipe: what --help shows; arguments (--name value) arrive checked in arg; types: string, number, boolean, list (a,b,c)
function recipe(head) end

